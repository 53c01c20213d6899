import type { RuleSettings } from './rule-settings';

/** A right that grants more than the rule says. */
interface Danger {
  readonly group: string;
  /** Any resource if omitted; with subresource, such as `pods/exec`. */
  readonly resources?: readonly string[];
  /** Any verb if omitted. */
  readonly verbs?: readonly string[];
  /** What it really grants. */
  readonly why: string;
  readonly practice: string;
}

const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const CHANGE = ['create', 'update', 'patch'];
const RBAC = 'rbac.authorization.k8s.io';
const CERTIFICATES = 'certificates.k8s.io';

/** Refused, whatever the reason. */
const REFUSED: readonly Danger[] = [
  { group: RBAC, verbs: WRITE, why: 'lets the subject grant rights to others and take theirs', practice: 'CH17-29' },
  {
    group: '',
    resources: ['serviceaccounts/token'],
    why: 'lets the subject act as every ServiceAccount',
    practice: 'CH17-29',
  },
  {
    group: '',
    resources: ['nodes/proxy'],
    why: "lets the subject run commands in every pod of a node, without admission and audit, even with 'get'",
    practice: 'S002-32',
  },
  {
    group: CERTIFICATES,
    resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status', 'signers'],
    why: 'lets the subject issue certificates for anyone',
    practice: 'CH17-29',
  },
  {
    group: 'admissionregistration.k8s.io',
    verbs: WRITE,
    why: 'lets the subject disable policies, or read everything that is written to the cluster',
    practice: 'CH17-27',
  },
  {
    group: '',
    resources: ['namespaces', 'namespaces/finalize', 'namespaces/status'],
    verbs: CHANGE,
    why: 'lets the subject disable Pod Security with a label',
    practice: 'CH17-29',
  },
];

/** Accepted with a reason. */
const EXPLAINED: readonly Danger[] = [
  {
    group: '',
    resources: ['secrets'],
    verbs: ['get', 'list', 'watch', 'update', 'patch', 'delete', 'deletecollection'],
    why: 'reveals or replaces Secrets',
    practice: 'CH04-43',
  },
  {
    group: '',
    resources: ['pods/exec', 'pods/attach', 'pods/ephemeralcontainers'],
    why: 'gives access to the Secrets and the identity of the pods',
    practice: 'CH17-29',
  },
  {
    group: '',
    resources: ['pods/portforward', 'pods/proxy', 'services/proxy'],
    why: 'bypasses the network policies',
    practice: 'CH17-29',
  },
  {
    group: '',
    resources: ['resourcequotas', 'limitranges'],
    verbs: WRITE,
    why: 'lets the subject raise its own limits',
    practice: 'CH17-29',
  },
  {
    group: '',
    resources: ['namespaces'],
    verbs: ['delete', 'deletecollection'],
    why: 'deletes everything in the namespace',
    practice: 'CH02-10',
  },
  {
    group: '',
    resources: ['persistentvolumes', 'nodes', 'nodes/status'],
    verbs: WRITE,
    why: 'gives access to the file systems of nodes',
    practice: 'CH17-29',
  },
  { group: 'apiextensions.k8s.io', verbs: WRITE, why: 'changes the API for everyone', practice: 'CH17-31' },
  { group: 'apiregistration.k8s.io', verbs: WRITE, why: 'changes the API for everyone', practice: 'CH17-31' },
];

/** A subject that starts a pod can mount every Secret of its namespace and run as every ServiceAccount. */
const STARTS_PODS: readonly Danger[] = [
  ['', ['pods', 'replicationcontrollers', 'podtemplates']],
  ['apps', ['deployments', 'daemonsets', 'replicasets', 'statefulsets']],
  ['batch', ['jobs', 'cronjobs']],
].map(([group, resources]) => ({
  group: group as string,
  resources: resources as string[],
  verbs: CHANGE,
  why: '',
  practice: '',
}));

/**
 * A subject that enters a pod, or adds a container, acts as its ServiceAccount. Over WebSockets, `get` is enough.
 */
const ENTERS_PODS: readonly Danger[] = [
  { group: '', resources: ['pods/exec', 'pods/attach'], verbs: ['create', 'get'], why: '', practice: '' },
  { group: '', resources: ['pods/ephemeralcontainers'], verbs: CHANGE, why: '', practice: '' },
];

export interface FoundDanger {
  readonly resource: string;
  readonly verb: string;
  readonly danger: Danger;
}

export function refusedRight(rule: RuleSettings): FoundDanger | undefined {
  return first(rule, REFUSED);
}

export function rightToExplain(rule: RuleSettings): FoundDanger | undefined {
  return first(rule, EXPLAINED);
}

export function rightToStartPods(rule: RuleSettings): FoundDanger | undefined {
  return first(rule, STARTS_PODS);
}

export function rightToEnterPods(rule: RuleSettings): FoundDanger | undefined {
  return first(rule, ENTERS_PODS);
}

function first(rule: RuleSettings, dangers: readonly Danger[]): FoundDanger | undefined {
  for (const danger of dangers) {
    if (danger.group !== rule.apiGroup) continue;
    const resource = rule.resources.find((candidate) => danger.resources?.includes(candidate) ?? true);
    const verb = rule.verbs.find((candidate) => danger.verbs?.includes(candidate) ?? true);
    if (resource !== undefined && verb !== undefined) return { resource, verb, danger };
  }
  return undefined;
}
