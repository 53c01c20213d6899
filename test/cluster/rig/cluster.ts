import { join } from 'node:path';
import { PROGRAMS, STATE } from './places';
import { eventually, run } from '../../rig/processes';

/** A manifest or an object that the API server answered; tests look at single fields. */
export type Manifest = Record<string, any>;

/**
 * A cluster that runs, or will. Names and places are fixed, so that every test file finds what another process started.
 */
export class Cluster {
  /** A real node: pods run. Kubernetes of the newest minor. */
  public static readonly node = new Cluster('node');
  /** Three nodes in three zones, simulated: pods are scheduled and become Ready, but nothing runs. */
  public static readonly zones = new Cluster('zones');
  /** The API server of the newest minor, and nothing else: dry runs meet no port, name or class of another test. */
  public static readonly newest = new Cluster('newest');
  /** The API server of the oldest minor that the library supports, and nothing else. */
  public static readonly oldest = new Cluster('oldest');

  public readonly folder: string;
  public readonly kubeconfig: string;

  private constructor(public readonly name: string) {
    this.folder = join(STATE, name);
    this.kubeconfig = join(this.folder, 'kubeconfig');
  }

  public async kubectl(...args: string[]): Promise<string> {
    return run(join(PROGRAMS, 'kubectl'), args, { env: { KUBECONFIG: this.kubeconfig } });
  }

  /** Applies manifests as our README tells: on the server side. */
  public async apply(...manifests: readonly Manifest[]): Promise<string> {
    return this.pipe({ apiVersion: 'v1', kind: 'List', items: manifests }, 'apply', '--server-side', '-f', '-');
  }

  /** Begins to delete what the manifests name; namespaces with all that is in them. */
  public async remove(...manifests: readonly Manifest[]): Promise<string> {
    return this.pipe(
      { apiVersion: 'v1', kind: 'List', items: manifests },
      'delete',
      '--ignore-not-found',
      '--wait=false',
      '-f',
      '-',
    );
  }

  /** kubectl with a manifest on its standard input. */
  public async pipe(manifest: Manifest, ...args: string[]): Promise<string> {
    return run(join(PROGRAMS, 'kubectl'), args, {
      env: { KUBECONFIG: this.kubeconfig },
      input: JSON.stringify(manifest),
    });
  }

  /** One object, by `kind/name`. */
  public async get(namespace: string, name: string): Promise<Manifest> {
    return JSON.parse(await this.kubectl('--namespace', namespace, 'get', name, '--output', 'json')) as Manifest;
  }

  /** All objects of a kind, or those with the labels of `selector`. */
  public async list(namespace: string, kind: string, selector = ''): Promise<Manifest[]> {
    return (
      JSON.parse(
        await this.kubectl('--namespace', namespace, 'get', kind, '--selector', selector, '--output', 'json'),
      ) as Manifest
    ).items as Manifest[];
  }

  /** Waits until a Deployment or StatefulSet (`kind/name`) is rolled out. */
  public async rolledOut(namespace: string, name: string, seconds = 120): Promise<void> {
    await this.kubectl('--namespace', namespace, 'rollout', 'status', name, `--timeout=${seconds}s`);
  }

  /** A namespace that admits only pods of Pod Security `restricted`, with the default ServiceAccount in place. */
  public async createNamespace(name: string, labels: Record<string, string> = RESTRICTED): Promise<void> {
    await this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    await eventually(`ServiceAccount default in ${name}`, () => this.get(name, 'serviceaccount/default'));
  }

  /** Begins to remove a namespace. Its pods end at once, and nobody waits. */
  public async removeNamespace(name: string): Promise<void> {
    await this.kubectl('--namespace', name, 'delete', 'pods', '--all', '--grace-period=0', '--force', '--wait=false');
    await this.kubectl('delete', 'namespace', name, '--wait=false');
  }
}

export const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};
