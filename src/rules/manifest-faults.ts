import { refuseIngressAnnotations } from './ingress-annotations';
import { refuseBetaClass, refuseStorageClass, refuseVolume, refuseVolumes } from './volume-faults';
import { describe, Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import type { RuleId } from '../kernel/findings/rule-ids';
import { countAt, entries, list, part, textAt } from '../kernel/schema/manifest';
import { isLabelValue, labelKey } from '../kernel/schema/syntax';
import { restrictsBothDays } from '../kubernetes/cron';
import { podTemplateOf } from '../kubernetes/pod-template';
import { hadOtherVersions, removedVersion } from '../kubernetes/removed-versions';

/** Data that the checks need and that is not in the manifest. */
export interface Known {
  /** Whether the Service of that name in the namespace of the manifest is headless; `undefined` if there is none. */
  readonly isHeadless: (name: string) => boolean | undefined;
  readonly takesSleepOfZero: () => boolean;
  /** Whether Pod Security refuses directories of the node there, which has a finding of its own. */
  readonly refusesHostPaths: () => boolean;
}

/** Where a check reports what it finds. */
interface Report {
  readonly known: Known;
  readonly refuse: (rule: RuleId, prop: string, given: unknown, expected: string, fix: string) => void;
}

type ManifestCheck = (manifest: unknown, report: Report) => void;

/** By API group and kind, since other groups have kinds with the same names. */
const CHECKS: Readonly<Record<string, readonly ManifestCheck[]>> = {
  'apps/DaemonSet': [selector, pods],
  'apps/Deployment': [selector, pods],
  'apps/ReplicaSet': [selector, pods],
  'apps/StatefulSet': [selector, pods, governingService],
  'batch/CronJob': [pods, bothDays],
  'batch/Job': [pods],
  'core/ConfigMap': [texts('data')],
  'core/PersistentVolume': [(manifest, { refuse }) => refuseVolume(manifest, refuse)],
  'core/PersistentVolumeClaim': [(manifest, { refuse }) => refuseBetaClass(manifest, '', refuse)],
  'core/Pod': [pods],
  'core/Secret': [texts('stringData')],
  'core/Service': [serviceSelector, externalName],
  'networking.k8s.io/Ingress': [ingress],
  'networking.k8s.io/NetworkPolicy': [policyPorts],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [subjects],
  'storage.k8s.io/StorageClass': [texts('parameters'), (manifest, { refuse }) => refuseStorageClass(manifest, refuse)],
};

/** Whether a check exists for objects of a kind. */
export function wantsCheck(apiGroup: string, kind: string): boolean {
  return Object.hasOwn(CHECKS, `${apiGroup}/${kind}`) || hadOtherVersions(apiGroup, kind);
}

/** Refuses the faults of a manifest. `at` is the path of the manifest in its object. */
export function refuseFaults(manifest: unknown, at: string, known: Known, problems: Problems): void {
  const [apiVersion, kind] = [textAt(manifest, 'apiVersion') ?? '', textAt(manifest, 'kind') ?? ''];
  const refuse: Report['refuse'] = (rule, prop, given, expected, fix) =>
    problems.refuse(`${at}${prop}`, given, expected, { rule, fix });
  const removed = removedVersion(apiVersion, kind);
  if (removed) {
    const { now } = removed;
    const fix =
      now === '' ? 'Use the labels of Pod Security on the namespace' : `Write '${now}', and compare the fields`;
    refuse('object/removed-version', 'apiVersion', apiVersion, now === '' ? 'no such object' : `'${now}'`, fix);
    return;
  }
  const checks = CHECKS[keyOf(apiVersion, kind)] as readonly ManifestCheck[] | undefined;
  if (checks === undefined) return;
  const report = { known, refuse };
  metadata(part(manifest, 'metadata'), 'metadata', report);
  for (const check of checks) check(manifest, report);
}

function keyOf(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.split('/');
  return `${version === undefined ? 'core' : group}/${kind}`;
}

const QUOTE = "Write it as text: '...' in code, quotes in YAML";

/** The type of a value. The value itself may be a credential. */
function typeOf(value: unknown): Verbatim {
  return new Verbatim(Array.isArray(value) ? 'a list' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`);
}

function texts(field: string): ManifestCheck {
  return (manifest, report) => textsAt(part(manifest, field), field, report);
}

function textsAt(map: unknown, prop: string, { refuse }: Report): void {
  for (const [key, value] of entries(map)) {
    if (typeof value !== 'string') refuse('object/text', `${prop}${keyPart(key)}`, typeOf(value), 'text', QUOTE);
  }
}

function metadata(value: unknown, prop: string, report: Report): void {
  labels(part(value, 'labels'), `${prop}.labels`, report);
  textsAt(part(value, 'annotations'), `${prop}.annotations`, report);
}

function labels(map: unknown, prop: string, report: Report): void {
  textsAt(map, prop, report);
  for (const [key, value] of entries(map)) {
    const at = `${prop}${keyPart(key)}`;
    labelKey.read(key, (given, expected) => report.refuse('object/label', at, given, expected, 'Choose another key'));
    if (typeof value === 'string' && !isLabelValue(value)) {
      report.refuse(
        'object/label',
        at,
        value,
        "at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
        'Shorten it, or make it an annotation',
      );
    }
  }
}

function serviceSelector(manifest: unknown, report: Report): void {
  labels(part(manifest, 'spec', 'selector'), 'spec.selector', report);
}

/** A controller whose selector does not match its own pods would create pods forever. */
function selector(manifest: unknown, { refuse }: Report): void {
  const own = part(manifest, 'spec', 'template', 'metadata', 'labels');
  const wrong = entries(part(manifest, 'spec', 'selector', 'matchLabels')).find(
    ([key, value]) => part(own, key) !== value,
  );
  if (wrong === undefined) return;
  const [key] = wrong;
  refuse(
    'object/selector',
    `spec.selector.matchLabels${keyPart(key)}`,
    part(manifest, 'spec', 'selector', 'matchLabels', key),
    `the label of the pods, ${describe(part(own, key))}`,
    'Give spec.template.metadata.labels the same value',
  );
}

function pods(manifest: unknown, report: Report): void {
  const found = podTemplateOf(manifest);
  if (found === undefined) return;
  const base = found.path.map((name) => `${name}.`).join('');
  const spec = part(found.pod, 'spec');
  if (found.path.length > 0) metadata(part(found.pod, 'metadata'), `${base}metadata`, report);
  textsAt(part(spec, 'nodeSelector'), `${base}spec.nodeSelector`, report);
  restartPolicy(manifest, spec, `${base}spec`, report);
  spread(spec, `${base}spec`, report);
  const mayUseNode = textAt(manifest, 'kind') === 'DaemonSet' || report.known.refusesHostPaths();
  refuseVolumes(spec, `${base}spec`, mayUseNode, report.refuse);
  list(part(manifest, 'spec', 'volumeClaimTemplates')).forEach((claim, index) =>
    refuseBetaClass(claim, `spec.volumeClaimTemplates[${index}].`, report.refuse),
  );
  const names = [...list(part(spec, 'volumes')), ...claimTemplates(manifest)].map((volume) => textAt(volume, 'name'));
  const volumes = new Set(names);
  const grace = countAt(spec, 'terminationGracePeriodSeconds') ?? 30;
  for (const role of ['initContainers', 'containers']) {
    list(part(spec, role)).forEach((container, index) => {
      const at = `${base}spec.${role}[${index}]`;
      mounts(container, volumes, at, report);
      variables(container, at, report);
      amounts(container, at, report);
      stopHook(container, grace, at, report);
    });
  }
}

/** With the name where a volume has it. */
function claimTemplates(manifest: unknown): unknown[] {
  return list(part(manifest, 'spec', 'volumeClaimTemplates')).map((claim) => part(claim, 'metadata'));
}

function restartPolicy(manifest: unknown, spec: unknown, prop: string, { refuse }: Report): void {
  const kind = textAt(manifest, 'kind');
  if ((kind !== 'Job' && kind !== 'CronJob') || spec === undefined) return;
  const given = part(spec, 'restartPolicy');
  if (given === 'OnFailure' || given === 'Never') return;
  const expected = "'Never' or 'OnFailure': pods of a Job end";
  refuse('object/restart-policy', `${prop}.restartPolicy`, given, expected, "Write restartPolicy: 'Never'");
}

function spread(spec: unknown, prop: string, { refuse }: Report): void {
  list(part(spec, 'topologySpreadConstraints')).forEach((constraint, index) => {
    if (part(constraint, 'minDomains') === undefined) return;
    if (part(constraint, 'whenUnsatisfiable') === 'DoNotSchedule') return;
    refuse(
      'object/min-domains',
      `${prop}.topologySpreadConstraints[${index}].minDomains`,
      part(constraint, 'minDomains'),
      "none beside whenUnsatisfiable: 'ScheduleAnyway'",
      "Remove it, or write whenUnsatisfiable: 'DoNotSchedule'",
    );
  });
}

function mounts(container: unknown, volumes: ReadonlySet<unknown>, prop: string, { refuse }: Report): void {
  list(part(container, 'volumeMounts')).forEach((mount, index) => {
    const name = textAt(mount, 'name');
    if (name === undefined || volumes.has(name)) return;
    refuse(
      'object/missing-volume',
      `${prop}.volumeMounts[${index}].name`,
      name,
      'the name of a volume of the pod',
      "Add the volume to 'volumes' of the pod, or mount it through a block",
    );
  });
}

function variables(container: unknown, prop: string, { refuse }: Report): void {
  const seen = new Set<string>();
  list(part(container, 'env')).forEach((variable, index) => {
    const at = `${prop}.env[${index}]`;
    const value = part(variable, 'value');
    if (value !== undefined && value !== null && typeof value !== 'string') {
      refuse('object/text', `${at}.value`, typeOf(value), 'text', QUOTE);
    }
    const name = textAt(variable, 'name');
    if (name === undefined) return;
    if (seen.has(name)) {
      refuse('object/repeated-variable', `${at}.name`, name, 'each name once', 'Remove one of the two');
    }
    seen.add(name);
  });
}

function amounts(container: unknown, prop: string, { refuse }: Report): void {
  for (const side of ['requests', 'limits']) {
    for (const [resource, amount] of entries(part(container, 'resources', side))) {
      const counted = /^(memory|ephemeral-storage|hugepages-.*)$/.test(resource);
      if (!counted || typeof amount !== 'string' || !/^\d+(\.\d+)?m$/.test(amount)) continue;
      refuse(
        'object/part-of-byte',
        `${prop}.resources.${side}${keyPart(resource)}`,
        amount,
        "whole bytes, such as '128Mi': 'm' means a thousandth",
        `Write '${amount.slice(0, -1)}Mi'`,
      );
    }
  }
}

function stopHook(container: unknown, grace: number, prop: string, { known, refuse }: Report): void {
  const given = part(container, 'lifecycle', 'preStop', 'sleep', 'seconds');
  if (typeof given !== 'number') return;
  const zero = given === 0 && !known.takesSleepOfZero();
  if (given <= grace && !zero) return;
  refuse(
    'object/stop-hook',
    `${prop}.lifecycle.preStop.sleep.seconds`,
    given,
    zero ? 'at least 1 in a cluster before 1.33' : `at most terminationGracePeriodSeconds, ${grace}`,
    zero ? 'Remove the hook' : 'Raise terminationGracePeriodSeconds, or sleep less',
  );
}

/** Pods of a StatefulSet have DNS names only with a headless Service. */
function governingService(manifest: unknown, { known, refuse }: Report): void {
  const name = textAt(manifest, 'spec', 'serviceName');
  if (name === undefined) return;
  const headless = known.isHeadless(name);
  if (headless === true) return;
  refuse(
    'object/governing-service',
    'spec.serviceName',
    new Verbatim(`'${name}', ${headless === false ? 'which has a cluster IP' : 'which the app does not have'}`),
    "a Service with clusterIP: 'None'",
    "Add a Service of that name with clusterIP: 'None'. For clients, add a second Service with another name",
  );
}

function bothDays(manifest: unknown, { refuse }: Report): void {
  const schedule = textAt(manifest, 'spec', 'schedule');
  if (schedule === undefined || !restrictsBothDays(schedule)) return;
  refuse('job/both-days', 'spec.schedule', schedule, ...BOTH_DAYS);
}

/** What a schedule with both kinds of days should be, and the fix. */
export const BOTH_DAYS = [
  "one of the two fields of days as '*': a day that fits either is enough",
  "Write '*' in one of them, and let the program end on days that do not fit the other",
] as const;

function externalName(manifest: unknown, { refuse }: Report): void {
  const name = textAt(manifest, 'spec', 'externalName');
  if (name === undefined || !/^\d+(\.\d+){3}$/.test(name)) return;
  refuse(
    'object/external-address',
    'spec.externalName',
    name,
    'a DNS name: the DNS of the cluster answers no address for it',
    'Use ExternalService with ExternalTarget.addresses([...])',
  );
}

function ingress(manifest: unknown, { refuse }: Report): void {
  const paths: string[] = [];
  list(part(manifest, 'spec', 'rules')).forEach((rule, index) => {
    list(part(rule, 'http', 'paths')).forEach((path, position) => {
      paths.push(textAt(path, 'path') ?? '/');
      if (part(path, 'pathType') !== undefined) return;
      refuse(
        'object/path-type',
        `spec.rules[${index}].http.paths[${position}].pathType`,
        undefined,
        "'Prefix', 'Exact' or 'ImplementationSpecific'",
        "Write pathType: 'Prefix'",
      );
    });
  });
  const className = textAt(manifest, 'spec', 'ingressClassName');
  const annotations = new Map(
    entries(part(manifest, 'metadata', 'annotations')).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
  refuseIngressAnnotations({ annotations, className, paths }, (rule, key, given, expected, fix) =>
    refuse(rule, `metadata.annotations${keyPart(key)}`, given, expected, fix),
  );
}

function policyPorts(manifest: unknown, { refuse }: Report): void {
  for (const side of ['ingress', 'egress']) {
    list(part(manifest, 'spec', side)).forEach((rule, index) => {
      list(part(rule, 'ports')).forEach((entry, position) => {
        const given = part(entry, 'port');
        if (typeof given !== 'number' || (given >= 1 && given <= 65535)) return;
        refuse(
          'object/policy-port',
          `spec.${side}[${index}].ports[${position}].port`,
          given,
          '1 to 65535, or none for all ports',
          'Remove port and endPort for all ports of the protocol',
        );
      });
    });
  }
}

function subjects(manifest: unknown, { refuse }: Report): void {
  list(part(manifest, 'subjects')).forEach((subject, index) => {
    if (part(subject, 'kind') !== 'ServiceAccount' || textAt(subject, 'namespace') !== undefined) return;
    refuse(
      'object/subject-namespace',
      `subjects[${index}].namespace`,
      undefined,
      'the namespace of the ServiceAccount',
      'Name it: a ClusterRoleBinding is in no namespace',
    );
  });
}
