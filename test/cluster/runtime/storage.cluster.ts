import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import {
  AccessMode,
  Cpu,
  Probe,
  Resources,
  Rollout,
  StaticVolume,
  VolumeBackend,
  VolumeClaim,
  WebService,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { NODE_NAME } from '../rig/node';
import { ownNamespace, synthesize } from '../rig/workbench';

const { node } = Cluster;
const namespace = ownNamespace('storage');
const small = Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(128) });
const PATH = join(node.folder, 'volumes', 'storage-test');
const VOLUME = 'storage-test';
const CLASS = 'storage-test';

const manifests = synthesize(namespace, (chart) => {
  new StaticVolume(chart, 'disk', {
    name: VOLUME,
    backend: VolumeBackend.localDisk({ path: PATH, node: NODE_NAME }),
    capacity: Size.gibibytes(2),
    storageClassName: CLASS,
    labels: { 'example.com/tier': 'silver' },
  });
  const claim = new VolumeClaim(chart, 'claim', {
    selector: { 'example.com/tier': 'silver' },
    storageClassName: CLASS,
    size: Size.gibibytes(1),
    accessMode: AccessMode.READ_WRITE_ONCE,
  });
  const writer = new WebService(chart, 'writer', {
    image: PROBE,
    port: 8080,
    replicas: 1,
    rollout: Rollout.recreate(),
    resources: small,
    readiness: Probe.httpGet('/readyz'),
  });
  writer.mount('/srv/data', claim);
});

beforeAll(async () => {
  mkdirSync(PATH, { recursive: true });
  chmodSync(PATH, 0o777);
  await node.apply(...manifests);
}, 60_000);

afterAll(async () => {
  await node.kubectl('delete', 'persistentvolume', VOLUME, '--wait=false');
});

async function get(kind: string, name: string): Promise<Manifest> {
  return JSON.parse(await node.kubectl('--namespace', namespace, 'get', kind, name, '-o', 'json')) as Manifest;
}

test('a claim with a selector gets the local volume, and its pod writes it', async () => {
  const pod = await eventually(
    'the pod is ready',
    async () => {
      await node.kubectl('--namespace', namespace, 'wait', 'pod', '--all', '--for=condition=Ready', '--timeout=5s');
      const [found] = await node.list(namespace, 'pods', 'app.kubernetes.io/instance=app-writer');
      return found;
    },
    120,
  );
  const claim = await get('persistentvolumeclaim', 'app-claim');
  expect([claim.status.phase, claim.spec.volumeName]).toEqual(['Bound', VOLUME]);
  const address = `http://${pod.status.podIP as string}:8080/write?path=/srv/data/file`;
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  expect(response.status).toBe(200);
  const file = join(PATH, 'file');
  expect([existsSync(file), readFileSync(file, 'utf8')]).toEqual([true, 'written']);
  figure('A claim with a selector gets a StaticVolume of a local disk', '1 claim, bound and written by its pod');
}, 150_000);
