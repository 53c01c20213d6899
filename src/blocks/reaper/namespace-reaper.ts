import type { ApiObject, Cron } from 'cdk8s';
import type { Construct } from 'constructs';
import { reaperScript } from './reaper-script';
import { renderReaperPolicy, renderReaperPolicyBinding } from './render-reaper-policy';
import { AccessGrant } from '../../access/access-grant';
import { AccessRole } from '../../access/access-role';
import { Subject } from '../../access/subject';
import { stateReaper } from '../../admission/own-namespace';
import { VersionedConfigMap } from '../../config/versioned-config-map';
import { ALWAYS, cronJob, LONGEST_NAME } from '../../controllers/cron-job';
import { ONCE } from '../../controllers/run';
import { emitLater } from '../../kernel/emit/emission';
import { recommended } from '../../kernel/emit/labels';
import { namespaceOf } from '../../kernel/model/names';
import { notePower } from '../../kernel/model/namespace-facts';
import { boolean } from '../../kernel/schema/checks';
import { schedule } from '../../kubernetes/cron';
import { DEFAULT_RESOURCES, fixedContainer, readImage } from '../../pod/container';
import { ownNamespace } from '../../tenancy/reserved-names';
import { plan, type WorkloadSite } from '../../workload/plan';
import { Workload } from '../../workload/workload';
import type { PodWorkloadProps } from '../../workload/workload-props';

/** Props of `NamespaceReaper`. */
export interface NamespaceReaperProps extends PodWorkloadProps {
  /** An image with `sh`, `sed`, `date` and `kubectl`, within one minor version of the cluster. */
  readonly image: string;

  /**
   * Schedule of the runs: `minute hour day month weekday`. A `Cron` of cdk8s is taken.
   *
   * @default '0 * * * *': hourly (CH02-25)
   */
  readonly schedule?: string | Cron;

  /**
   * UID and GID of the process, 1 to 2147483647, or `false` if the platform assigns them.
   *
   * @default 65532
   */
  readonly user?: number | boolean;

  /**
   * Suspends the runs.
   *
   * @default false
   */
  readonly suspend?: boolean;
}

/** Mount path of the script. */
const SCRIPTS = '/opt/reaper';
/** In seconds. A run needs only a few requests. */
const DEADLINE = 600;

/**
 * Deletes expired `DeveloperNamespace`s once an hour (CH02-09, CH02-25).
 *
 * RBAC cannot distinguish namespaces by label: a subject that may delete one may delete all. Three things restrict the
 * reaper:
 *
 * - A ValidatingAdmissionPolicy allows its ServiceAccount to delete marked namespaces only, whatever the script does.
 * - The script does nothing unless that policy refuses the deletion of its own namespace in a dry run.
 * - It deletes exactly the object that it has read, unchanged since.
 *
 * The policy cannot read the clock: the script decides whether a namespace has expired.
 *
 * It needs a namespace of its own that only administrators can use. Synthesis refuses namespaces of tenants and
 * developers, and namespaces of Kubernetes. Nobody may delete `default` and `kube-system`, so the dry run would never
 * reach the policy there.
 *
 * ```ts
 * const platform = new Chart(app, 'reaper', { namespace: 'namespace-reaper' });
 * new NamespaceReaper(platform, 'Default', { image: 'ghcr.io/example/kubectl:1.34.2' });
 * ```
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class NamespaceReaper extends Workload {
  /** The CronJob. */
  public readonly cronJob: ApiObject;
  /** The script. */
  public readonly script: VersionedConfigMap;
  /** The right to list and delete namespaces. */
  public readonly access: AccessGrant;
  /** The ValidatingAdmissionPolicy. */
  public readonly policy: ApiObject;
  /** The binding of the policy. */
  public readonly policyBinding: ApiObject;

  public constructor(scope: Construct, id: string, props: NamespaceReaperProps) {
    super(scope, id, props, PLAN);
    this.cronJob = this._controller;
    ({
      script: this.script,
      access: this.access,
      policy: this.policy,
      policyBinding: this.policyBinding,
    } = this._madeBy(PLAN));
  }
}

interface ReaperParts {
  readonly script: VersionedConfigMap;
  readonly access: AccessGrant;
  readonly policy: ApiObject;
  readonly policyBinding: ApiObject;
}

const PLAN = plan({
  kind: () => ({ component: 'job', longestName: LONGEST_NAME, needsToken: 'the process deletes namespaces' }),
  read: (site: WorkloadSite<NamespaceReaperProps>) => {
    const { owner, name, read, podWide, problems } = site;
    const container = fixedContainer(
      {
        image: readImage(read, podWide),
        command: ['sh', `${SCRIPTS}/reap.sh`],
        // kubectl caches API discovery there
        env: { HOME: '/tmp' },
        resources: DEFAULT_RESOURCES,
      },
      podWide,
      problems,
    );
    const namespace = readNamespace(site);
    return {
      namespace,
      // before the CronJob, whose pods would wait for it
      script: new VersionedConfigMap(owner, 'Script', {
        name: `${name}-script`,
        data: { 'reap.sh': reaperScript({ namespace: namespace ?? '', policy: name }) },
      }),
      main: { name: 'main', role: 'main' as const, ports: [], drain: 0, probes: {}, ...container },
      when: {
        ...ALWAYS,
        schedule: read.optional('schedule', schedule, '0 * * * *'),
        suspend: read.optional('suspend', boolean, false),
      },
    };
  },
  controller: (site, { when }) => cronJob(site, { ...ONCE, deadlineSeconds: DEADLINE }, when),
  parts: (site, { namespace, script }): ReaperParts => {
    const { owner, name, read, problems, mounting } = site;
    // nothing of any image is there
    mounting.mount(SCRIPTS, script, { hidesImageFiles: true });
    const access = new AccessGrant(owner, 'Access', {
      name,
      role: AccessRole.of({
        resources: ['namespaces'],
        verbs: ['list', 'delete'],
        reason: `the policy ${name} limits it to marked namespaces`,
      }),
      // the missing namespace is refused above; the grant would report it again
      subjects: [namespace === undefined ? Subject.serviceAccount(name, 'invalid') : Subject.workload(owner)],
      clusterWide: 'namespaces have no namespace',
    });
    const head = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      clusterScoped: true as const,
      metadata: { name, labels: recommended(owner, name, 'reaper', {}) },
    };
    const user = `system:serviceaccount:${namespace}:${name}`;
    if (namespace !== undefined) {
      notePower({ owner, name: namespace, power: 'can use its ServiceAccount, which deletes namespaces (CH02-25)' });
    }
    stateReaper({ owner, namespace, egressTo: read.raw('egressTo') });
    return {
      script,
      access,
      policy: emitLater(owner, 'Policy', { ...head, kind: 'ValidatingAdmissionPolicy' }, problems, () =>
        renderReaperPolicy(user),
      ),
      policyBinding: emitLater(
        owner,
        'PolicyBinding',
        { ...head, kind: 'ValidatingAdmissionPolicyBinding' },
        problems,
        () => renderReaperPolicyBinding(name),
      ),
    };
  },
});

/** Refuses namespaces of Kubernetes that nobody may delete: the dry run would never reach the policy there. */
function readNamespace({ owner, problems }: WorkloadSite): string | undefined {
  const namespace = namespaceOf(owner);
  const hint = { fix: "Give the reaper a Chart of its own, with namespace: 'namespace-reaper'", practice: 'CH02-25' };
  if (namespace === undefined) {
    problems.refuse('namespace', undefined, 'a chart with a namespace', { rule: 'reaper/namespace', ...hint });
  } else {
    ownNamespace.read(namespace, (given, expected) =>
      problems.refuse('namespace', given, expected, { rule: 'reaper/namespace', ...hint }),
    );
  }
  return namespace;
}
