import { rmSync } from 'node:fs';
import { startAddons } from './addons';
import { Cluster } from './cluster';
import { ControlPlane } from './control-plane';
import { createCustomResources } from './custom-resources';
import { RESULTS } from './figures';
import { loadExampleImages } from './images';
import { createNodeNetwork, NODE_ADDRESS, startNode } from './node';
import { program } from './places';

/** Starts the cluster that all tests share. It ends with the process namespace. */
export default async function setUp(): Promise<void> {
  const started = Date.now();
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    await work();
    console.log(`[${((Date.now() - started) / 1000).toFixed(1)} s] ${name}`);
  };
  console.log();
  rmSync(RESULTS, { force: true });
  await step('network', createNodeNetwork);
  await step('control plane', () =>
    ControlPlane.start(Cluster.node, { apiServer: program('kube-apiserver'), address: NODE_ADDRESS, port: 6443 }),
  );
  await step('node', startNode);
  await step('custom resources', () => createCustomResources(Cluster.node));
  await step('images of the examples', loadExampleImages);
  await step('metrics-server and Traefik', startAddons);
}
