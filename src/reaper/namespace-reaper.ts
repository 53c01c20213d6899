import type { ApiObject } from 'cdk8s';
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { reaperScript } from './reaper-script';
import { renderReaperPolicy, renderReaperPolicyBinding } from './render-reaper-policy';
import { AccessGrant } from '../access/access-grant';
import { AccessRole } from '../access/access-role';
import { Subject } from '../access/subject';
import { VersionedConfigMap } from '../config/versioned-config-map';
import type { ISecretRef } from '../interop/references';
import { emitLater } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { Verbatim } from '../kernel/findings/describe';
import { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import { namespaceClaim, notePower } from '../kernel/model/namespace-facts';
import { readName } from '../kernel/model/read-name';
import { Reader } from '../kernel/schema/reader';
import { serviceName } from '../kernel/schema/syntax';
import type { Egress } from '../network/egress';
import { reachesAddresses } from '../network/usable-edges';
import { ownNamespace } from '../tenancy/reserved-names';
import { ScheduledJob } from '../workload/scheduled-job';

/** Props of `NamespaceReaper`. */
export interface NamespaceReaperProps {
  /**
   * Name of the CronJob and of the objects around it, those without a namespace included.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /** An image with `sh`, `sed`, `date` and `kubectl`, of a minor version next to that of the cluster. */
  readonly image: string;

  /**
   * When it looks: `minute hour day month weekday`.
   *
   * @default '0 * * * *': hourly (CH02-25)
   */
  readonly schedule?: string;

  /**
   * Where the pods may connect to: anywhere (`open`), or only where `egressTo` leads (`declared`).
   *
   * @default 'open'
   */
  readonly egress?: 'open' | 'declared';

  /**
   * With closed egress, the address of the API server: `Egress.apiServer()`. Without it no run could do anything, which is an error.
   *
   * @default - none, for open egress
   */
  readonly egressTo?: Egress[];

  /**
   * Secrets for the registry of the image.
   *
   * @default - none
   */
  readonly pullSecrets?: ISecretRef[];

  /**
   * Starts no runs.
   *
   * @default false
   */
  readonly suspend?: boolean;
}

/** Where the script is mounted. */
const SCRIPTS = '/opt/reaper';
/** A run is a few requests. */
const DEADLINE = Duration.minutes(10);
/** The API's limit for a CronJob. */
const LONGEST_NAME = 52;

/**
 * Deletes each `DeveloperNamespace` whose time is over, once an hour (CH02-09, CH02-25).
 *
 * The rights of Kubernetes cannot tell namespaces apart by label: whoever may delete one may delete all. Three things hold
 * this one back:
 *
 * - A ValidatingAdmissionPolicy lets its ServiceAccount delete marked namespaces only, whatever its script does.
 * - The script does nothing where that policy does not stop it from deleting its own namespace, in a dry run.
 * - It deletes the object that it has read, unchanged since.
 *
 * The policy cannot look at the clock: that the time is over is up to the script.
 *
 * It lives in a namespace of its own, in which nobody but administrators has rights. Synthesis refuses a tenant's or a
 * developer's, and those of Kubernetes: nobody may delete `default` and `kube-system`, so that the attempt on its own namespace
 * would never get to the policy.
 *
 * ```ts
 * const platform = new Chart(app, 'reaper', { namespace: 'namespace-reaper' });
 * new NamespaceReaper(platform, 'Default', { image: 'ghcr.io/example/kubectl:1.34.2' });
 * ```
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class NamespaceReaper extends Construct {
  /** Name of the CronJob and of the objects around it. */
  public readonly name: string;
  /** The CronJob, its ServiceAccount and its NetworkPolicy. */
  public readonly job: ScheduledJob;
  /** The script. */
  public readonly script: VersionedConfigMap;
  /** The right to list and delete namespaces. */
  public readonly access: AccessGrant;
  /** The ValidatingAdmissionPolicy. */
  public readonly policy: ApiObject;
  /** The binding of the policy. */
  public readonly policyBinding: ApiObject;

  public constructor(scope: Construct, id: string, props: NamespaceReaperProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<NamespaceReaperProps>(problems, props);
    const { name, valid } = readName(this, read, serviceName(LONGEST_NAME));
    this.name = valid ? name : `invalid-${this.node.addr.slice(0, 10)}`;
    const namespace = readNamespace(this, problems);
    // the job reads and refuses them under the same names
    const own = { image: read.raw('image'), egress: read.raw('egress'), egressTo: read.raw('egressTo'), pullSecrets: read.raw('pullSecrets'), suspend: read.raw('suspend') } as unknown as NamespaceReaperProps;
    const schedule = read.raw('schedule') as string | undefined;
    read.refuseUnknown();

    this.job = new ScheduledJob(this, 'Resource', {
      ...own,
      name: this.name,
      schedule: schedule === undefined ? '0 * * * *' : schedule,
      serviceAccountToken: true,
      activeDeadline: DEADLINE,
      command: ['sh', `${SCRIPTS}/reap.sh`],
      // kubectl keeps what it learns of the API there
      env: { HOME: '/tmp' },
    });
    this.script = new VersionedConfigMap(this, 'Script', {
      name: `${this.name}-script`,
      data: { 'reap.sh': reaperScript({ namespace: namespace ?? '', policy: this.name }) },
    });
    this.job.mount(SCRIPTS, this.script);
    this.access = new AccessGrant(this, 'Access', {
      name: this.name,
      role: AccessRole.of({ resources: ['namespaces'], verbs: ['list', 'delete'], reason: `the policy ${this.name} limits it to marked namespaces` }),
      subjects: [Subject.workload(this.job)],
      clusterWide: 'namespaces have no namespace',
    });
    const labels = recommended(this, this.name, 'reaper', {});
    const head = { apiVersion: 'admissionregistration.k8s.io/v1', clusterScoped: true as const, metadata: { name: this.name, labels } };
    const user = `system:serviceaccount:${namespace}:${this.job.serviceAccount.name}`;
    this.policy = emitLater(this, 'Policy', { ...head, kind: 'ValidatingAdmissionPolicy' }, problems, () => renderReaperPolicy(user));
    this.policyBinding = emitLater(this, 'PolicyBinding', { ...head, kind: 'ValidatingAdmissionPolicyBinding' }, problems, () => renderReaperPolicyBinding(this.name));
    if (namespace !== undefined) notePower({ owner: this, name: namespace, power: 'gets its ServiceAccount, which deletes namespaces (CH02-25)' });
    problems.atSynth((late) => this.refuseForeign(namespace, late));
    problems.atSynth((late) => {
      if (reachesAddresses(this.job)) return;
      late.refuse('egressTo', read.raw('egressTo'), 'the API server, where egress is closed: a run does nothing but ask it', { rule: 'reaper/closed-egress', fix: 'Add Egress.apiServer(), with the addresses in the ClusterProfile' });
    });
  }

  /** Who can start a pod beside it can act as it. */
  private refuseForeign(namespace: string | undefined, problems: Problems): void {
    const claim = namespaceClaim(this, namespace);
    if (claim !== undefined && claim.use === 'tenant') {
      problems.refuse('namespace', new Verbatim(`'${namespace}', which '${claim.owner.node.path}' gives to a team`), 'a namespace of its own', { rule: 'reaper/foreign-namespace', fix: 'Place it in a chart with a namespace in which administrators alone have rights' });
    }
  }
}

/** Nobody may delete some namespaces of Kubernetes: the dry run of the script would never get to the policy there. */
function readNamespace(reaper: NamespaceReaper, problems: Problems): string | undefined {
  const namespace = namespaceOf(reaper);
  const hint = { fix: "Write new Chart(app, 'reaper', { namespace: 'namespace-reaper' })", practice: 'CH02-25' };
  if (namespace === undefined) problems.refuse('namespace', undefined, 'a chart with a namespace', { rule: 'reaper/namespace', ...hint });
  else ownNamespace.read(namespace, (given, expected) => problems.refuse('namespace', given, expected, { rule: 'reaper/namespace', ...hint }));
  return namespace;
}
