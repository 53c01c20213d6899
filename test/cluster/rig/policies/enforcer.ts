import { setTimeout as sleep } from 'node:timers/promises';
import { ruleset } from './rules';
import { run } from '../../../rig/processes';
import { Api } from '../api';
import { Cluster } from '../cluster';
import { NODE_ADDRESSES } from '../node';

/** Enforces NetworkPolicies on the node. Reads all every 300 ms: what changes is in force half a second later. */
async function enforce(): Promise<never> {
  const api = new Api(Cluster.node);
  const all = async (path: string) => (await api.request('GET', path)).body.items;
  let inForce = '';
  for (;;) {
    try {
      const [pods, namespaces, policies] = await Promise.all([
        all('/api/v1/pods'),
        all('/api/v1/namespaces'),
        all('/apis/networking.k8s.io/v1/networkpolicies'),
      ]);
      const rules = ruleset({ pods, namespaces, policies, nodeAddresses: NODE_ADDRESSES });
      if (rules !== inForce) await run('nft', ['-f', '-'], { input: rules });
      inForce = rules;
    } catch (error) {
      console.error(error);
    }
    await sleep(300);
  }
}

void enforce();
