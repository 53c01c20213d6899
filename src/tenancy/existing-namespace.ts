import { Construct } from 'constructs';
import type { LimitRangeOptions } from './limit-range';
import type { Quota } from './quota';
import { type NamespaceManifests, readManifests } from './read-manifests';
import { readGuards, readPullSecrets } from './read-tenant';
import { renderLimitRange } from './render-limit-range';
import { quotaProp, renderQuota } from './render-quota';
import type { PodSecurityLevel } from './team-namespace-props';
import { stateExistingNamespace } from '../admission/existing-namespace';
import { stateSandbox } from '../admission/sandbox';
import { stateTenant } from '../admission/tenant';
import type { ISecretRef } from '../interop/references';
import { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import { claimNamespace } from '../kernel/model/namespace-facts';
import { needPullSecrets } from '../kernel/model/required-secrets';
import { claimUnique } from '../kernel/model/uniqueness';
import { boolean, localText, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel } from '../kernel/schema/syntax';
import { closeNamespace } from '../network/isolation';

/** Props of `ExistingNamespace`. */
export interface ExistingNamespaceProps {
  /**
   * Name of the namespace: a DNS label.
   *
   * @default - the namespace of the chart; without one, that of the only Namespace in `file`
   */
  readonly name?: string;

  /**
   * Path of a file with the manifests of the namespace, relative to the working directory, in YAML or JSON: what
   * `cdk8s-developer-namespace` or the app of the platform writes, or what `kubectl get` gives. It says all that other
   * props say, and takes their place. From it are read the Namespace, its ResourceQuotas, LimitRanges and
   * NetworkPolicies, and its ServiceAccount `default`; files that hold several namespaces are taken.
   *
   * @default - the other props say it
   */
  readonly file?: string;

  /**
   * Whether policies of the namespace deny its pods all connections out that no other policy allows, as those of a
   * `TenantNamespace` do. The workloads of this library then get policies with their declared edges out, `egressTo`
   * included.
   *
   * Required without `file`. There is no default: where egress is open, such a policy closes it, and where it is
   * closed, nothing connects without.
   *
   * @default - read from `file`
   */
  readonly defaultDeny?: boolean;

  /**
   * What all pods of the namespace together may use, as its owner has stated it. What the app places there is compared
   * with it.
   *
   * @default - not compared
   */
  readonly quota?: Quota;

  /**
   * What single containers and claims get and may have; only with `quota`.
   *
   * @default - with `quota`, what a `TenantNamespace` has by default; not compared without
   */
  readonly limitRange?: LimitRangeOptions;

  /**
   * Which pods are admitted.
   *
   * @default - not compared
   */
  readonly podSecurity?: PodSecurityLevel;

  /**
   * Secrets of the namespace with which its pods pull images. The ServiceAccounts of all workloads of this library in
   * the namespace name them.
   *
   * @default - none
   */
  readonly pullSecrets?: ISecretRef[];
}

/**
 * A namespace that another app has made, stated once: what the charts of this app place in it is then checked, and its
 * edges are opened, as if the `TenantNamespace` were in this app. It emits nothing.
 *
 * ```ts
 * const app = new App();
 * const chart = new Chart(app, 'journal', { namespace: 'search-x' });
 * new ExistingNamespace(chart, 'namespace', {
 *   defaultDeny: true,
 *   quota: Quota.of({ cpu: Cpu.units(2), memory: Size.gibibytes(20), storage: Size.gibibytes(20) }),
 *   podSecurity: 'restricted',
 *   pullSecrets: [SecretRef.named('registry')],
 * });
 * ```
 *
 * Or with the file that the platform has written:
 *
 * ```ts
 * new ExistingNamespace(chart, 'namespace', { file: 'namespace.yaml' });
 * ```
 *
 * It counts for all charts on its cluster, whatever chart it is in.
 */
export class ExistingNamespace extends Construct {
  /** Name of the namespace: for the charts of what runs in it. */
  public readonly name: string;

  public constructor(scope: Construct, id: string, props: ExistingNamespaceProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<ExistingNamespaceProps>(problems, props);
    const given = read.optional('name', dnsLabel(), namespaceOf(this), { fix: "Write the name, such as 'shop'" });
    const settings = read.has('file') ? readFile(read, given) : readProps(read, given, problems);
    read.refuseUnknown();
    const { name = `invalid-${this.node.addr.slice(0, 10)}`, isClosed, isOfDeveloper, manifests, ...claim } = settings;
    this.name = name;
    claimNamespace(this, { name, use: isOfDeveloper ? 'tenant' : 'existing', ...claim });
    claimUnique(this, `existing namespace '${name}'`, {
      rule: 'namespace/stated-twice',
      fix: 'Keep one: it counts for all charts of the cluster',
    });
    needPullSecrets(this, name, claim.pullSecrets);
    if (isClosed) closeNamespace(this, name);
    if (isOfDeveloper) stateSandbox({ owner: this, name, editors: [] });
    stateExistingNamespace(this, name, manifests);
    stateTenant({ owner: this, name, hasProps: settings.prop !== undefined, quotaProp: settings.prop ?? none });
  }
}

interface ExistingSettings extends Omit<NamespaceManifests, 'name'> {
  /** None where the props are refused. */
  readonly name: string | undefined;
  /** The prop that a key of the quota comes from; none where no prop says it. */
  readonly prop?: (key: string) => string | undefined;
}

const none = (): undefined => undefined;
const NOTHING = { isClosed: false, isOfDeveloper: false, pullSecrets: [], manifests: [] };
const OTHERS = ['defaultDeny', 'quota', 'limitRange', 'podSecurity', 'pullSecrets'] as const;
const UNNAMED = {
  fix: "Write the name, such as 'shop', or put it into a chart that has the namespace",
  rule: 'props/required',
} as const;

/** From the manifests of the platform. */
function readFile(read: Reader<ExistingNamespaceProps>, name: string | undefined): ExistingSettings {
  for (const other of OTHERS) {
    read.conflict('file', other, { fix: `Remove '${other}': the file says it`, practice: 'CH08-42' });
  }
  const file = read.optional('file', localText, undefined, { fix: "Write the path, such as 'namespace.yaml'" });
  if (file === undefined) return { ...NOTHING, name };
  const found = readManifests(file, name);
  if (typeof found !== 'string') return found;
  read.refuse('file', file, found, {
    rule: 'namespace/unreadable-file',
    fix: 'Write it with cdk8s-developer-namespace, with the app of the platform, or with kubectl get --output yaml',
  });
  return { ...NOTHING, name };
}

/** From the props: what a `TenantNamespace` with these would write. */
function readProps(
  read: Reader<ExistingNamespaceProps>,
  name: string | undefined,
  problems: Problems,
): ExistingSettings {
  if (name === undefined && read.isSound('name')) read.refuse('name', undefined, dnsLabel().expected, UNNAMED);
  const isClosed = read.required('defaultDeny', boolean, false, {
    fix: "Write true where a policy denies what no other allows, false where none does, or name the 'file'",
    practice: 'S002-22',
  });
  const common = {
    name,
    isClosed,
    isOfDeveloper: false,
    podSecurity: read.optional('podSecurity', oneOf<PodSecurityLevel>('restricted', 'baseline'), undefined, {
      fix: "Write 'restricted' or 'baseline', or remove the prop",
    }),
    pullSecrets: readPullSecrets(read, problems),
  };
  if (!read.has('quota')) {
    if (read.has('limitRange')) {
      read.refuse('limitRange', read.raw('limitRange'), "a LimitRange beside a 'quota'", {
        rule: 'props/conflict',
        fix: "State the 'quota', or name the 'file'",
      });
    }
    return { ...common, manifests: [] };
  }
  const { quota, limitRange, isMeasurable } = readGuards(read, problems);
  if (!isMeasurable) return { ...common, manifests: [] };
  const head = (kind: string): object => ({ apiVersion: 'v1', kind, metadata: { name, namespace: name } });
  return {
    ...common,
    manifests: [
      { ...head('ResourceQuota'), spec: renderQuota(quota) },
      { ...head('LimitRange'), spec: renderLimitRange(limitRange) },
    ],
    prop: (key) => quotaProp(quota, key),
  };
}
