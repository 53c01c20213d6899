import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Api } from '../rig/api';
import { type Cluster, type Manifest, RESTRICTED } from '../rig/cluster';

/** An object that an API server refuses, or takes with a warning. */
export interface Refusal {
  readonly object: string;
  readonly message: string;
}

/** Sends manifests to one API server as dry runs, and knows what must exist for that. */
export class DryRun {
  /** Objects sent so far, pods among them. */
  public sent = 0;

  private readonly existing = new Set<string>();

  public constructor(
    private readonly cluster: Cluster,
    private readonly api: Api,
  ) {}

  /** The refusals of an app: of each object, and of each pod template as a Pod, since only those meet Pod Security. */
  public async refusals(app: readonly Manifest[]): Promise<Refusal[]> {
    const manifests = app.map((manifest) => atLevel(manifest, app));
    await this.provide(manifests);
    const refusals = await Promise.all(
      [...manifests.map(asNew), ...manifests.flatMap(barePods)].map((manifest) => this.refusalsOf(manifest)),
    );
    return refusals.flat();
  }

  private async refusalsOf(manifest: Manifest): Promise<Refusal[]> {
    this.sent++;
    const { status, body, warnings } = await this.answerOf(manifest);
    const object = `${manifest.kind} ${manifest.metadata.namespace ?? ''}/${manifest.metadata.name} on ${this.cluster.name}`;
    const messages = status < 300 ? warnings.map((warning) => `warning: ${warning}`) : [`${status}: ${body.message}`];
    return messages.map((message) => ({ object, message }));
  }

  /** The plugins that look for the class of a Pod learn of a new one with a delay. */
  private async answerOf(manifest: Manifest): Promise<Answer> {
    const patience = Date.now() + 5000;
    for (;;) {
      const answer = await this.api.dryRun(manifest);
      const isEarly =
        answer.status === 403 &&
        /no PriorityClass with name|RuntimeClass .* not found/.test(answer.body.message as string);
      if (!isEarly || Date.now() > patience) return answer;
      await sleep(100);
    }
  }

  /** Creates what a Pod must find: its namespace, its ServiceAccount, its priority class and its runtime class. */
  private async provide(manifests: readonly Manifest[]): Promise<void> {
    const namespaces = manifests
      .map(({ metadata }) => metadata.namespace as string | undefined)
      .filter((name) => name !== undefined);
    await this.createAll(namespaces.map(namespace));
    const pods = manifests.flatMap(barePods);
    await this.createAll([
      ...['default', ...namespaces].map(defaultAccount),
      ...manifests.filter(({ kind }) => kind === 'ServiceAccount'),
      ...pods
        .filter(({ spec }) => spec.priorityClassName && !spec.priorityClassName.startsWith('system-'))
        .map(({ spec }) => priorityClass(spec.priorityClassName as string)),
      ...pods
        .filter(({ spec }) => spec.runtimeClassName)
        .map(({ spec }) => runtimeClass(spec.runtimeClassName as string)),
    ]);
  }

  private async createAll(manifests: readonly Manifest[]): Promise<void> {
    const missing = manifests.filter((manifest) => {
      const id = `${manifest.kind} ${manifest.metadata.namespace} ${manifest.metadata.name}`;
      const isNew = !this.existing.has(id);
      this.existing.add(id);
      return isNew;
    });
    await Promise.all(missing.map((manifest) => this.api.apply(manifest)));
  }
}

/** The pod template of a workload as a Pod; a StatefulSet's claims become volumes of it. */
export function barePods({ kind, metadata, spec }: Manifest): Manifest[] {
  const template: Manifest | undefined =
    kind === 'CronJob'
      ? spec.jobTemplate.spec.template
      : ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind as string)
        ? spec.template
        : undefined;
  if (template === undefined) return [];
  const claims = ((spec.volumeClaimTemplates ?? []) as Manifest[]).map((claim) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: claim.metadata.name },
  }));
  const volumes = [...(template.spec.volumes ?? []), ...claims];
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, name: metadata.name, namespace: metadata.namespace },
      spec: { ...template.spec, ...(volumes.length > 0 ? { volumes } : {}) },
    },
  ];
}

const ENFORCED = 'pod-security.kubernetes.io/enforce';

/** What is in a namespace that the app makes is tried in one of the same level, which exists. */
function atLevel(manifest: Manifest, app: readonly Manifest[]): Manifest {
  const own = app.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === manifest.metadata.namespace);
  const level = own?.metadata.labels?.[ENFORCED] as string | undefined;
  return level === undefined
    ? manifest
    : { ...manifest, metadata: { ...manifest.metadata, namespace: `level-${level}` } };
}

function namespace(name: string): Manifest {
  const [, level] = /^level-(.*)$/.exec(name) ?? [];
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: level === undefined || level === 'restricted' ? RESTRICTED : { [ENFORCED]: level } },
  };
}

/** What a controller makes in a namespace. */
const defaultAccount = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace: name },
});

/** Classes cannot be changed, and those that pods name exist: they are sent as another one. */
function asNew(manifest: Manifest): Manifest {
  if (!['PriorityClass', 'RuntimeClass'].includes(manifest.kind as string)) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, name: `new-${manifest.metadata.name}` } };
}

const priorityClass = (name: string): Manifest => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value: 1000,
});

const runtimeClass = (name: string): Manifest => ({
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name },
  handler: 'runc',
});
