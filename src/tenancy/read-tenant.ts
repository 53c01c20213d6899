import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { EXPIRES_AT_ANNOTATION, EXPIRES_LABEL, TTL_ANNOTATION } from './expiry';
import { type LimitRangeOptions, type LimitRangeSettings, readLimitRange } from './limit-range';
import { Quota, type QuotaSettings, readQuota } from './quota';
import { ownNamespace } from './reserved-names';
import type { PodSecurityLevel, TeamNamespaceProps } from './team-namespace-props';
import { secretName } from '../config/references';
import type { ISecretRef } from '../interop/references';
import type { Labels } from '../kernel/emit/labels';
import type { Problems } from '../kernel/findings/problems';
import { readName } from '../kernel/model/read-name';
import { annotationMap, refuseLargeAnnotations } from '../kernel/schema/annotations';
import { type Check, confidential, instance, isPlain, listOf, oneOf, text, that } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { isLabelValue, labelMap, labelValue } from '../kernel/schema/syntax';

/** What all namespaces that the platform gives away read of their props. */
interface TenantProps extends TeamNamespaceProps {
  readonly owner: string;
  readonly expires?: string;
  readonly quota?: Quota;
}

/** What guards a namespace, in any block. */
interface GuardProps {
  readonly quota?: Quota;
  readonly limitRange?: LimitRangeOptions;
  readonly pullSecrets?: ISecretRef[];
}

/** The quota and the LimitRange of a namespace. */
export interface GuardSettings {
  readonly quota: QuotaSettings;
  readonly limitRange: LimitRangeSettings;
  /** Whether both are those of the caller: sums against a stand-in would be false alarms. */
  readonly isMeasurable: boolean;
}

export interface TenantSettings extends GuardSettings {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
  readonly team: string;
  readonly podSecurity: PodSecurityLevel;
  readonly defaultDeny: boolean;
  readonly pullSecrets: readonly string[];
}

const POD_SECURITY = 'pod-security.kubernetes.io/';
/** Labels and annotations that tell a reaper which namespaces expire, and when. */
const OF_DEVELOPERS = [EXPIRES_LABEL, TTL_ANNOTATION];
const OWN_LABELS = ['owner', 'team', EXPIRES_LABEL];
const OWN_ANNOTATIONS = ['owner', 'purpose', TTL_ANNOTATION, EXPIRES_AT_ANNOTATION];

const team = that<string>(
  `${labelValue.expected.replace(", or ''", '')}, not empty`,
  (value) => value !== '' && labelValue.read(value, () => undefined) !== undefined,
);

/** The formats that the script of `NamespaceReaper` can read. */
const DATE = /^(?<day>\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(Z|[+-][01]\d:[0-5]\d))?$/;

const pointInTime: Check<string> = that(
  "a date such as '2026-12-31', or a time such as '2026-12-31T18:00:00Z'",
  (value) => {
    const day = typeof value === 'string' ? DATE.exec(value)?.groups?.day : undefined;
    // Date takes February 31 for a day in March
    return (
      day !== undefined &&
      !Number.isNaN(Date.parse(value as string)) &&
      new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
    );
  },
);

const STAND_IN = Quota.of({ cpu: { amount: '1' }, memory: { toKibibytes: () => 1_048_576 } } as never);

/** `usualQuota` is the default quota; without it, a quota is required. */
export function readTenant(
  owner: Construct,
  read: Reader<TenantProps>,
  problems: Problems,
  usualQuota?: Quota,
): TenantSettings {
  const { name, valid } = readName(owner, read, ownNamespace);
  const contact = read.required('owner', text, 'invalid', {
    fix: 'Name the contact: a person, an address or a channel',
    practice: 'CH02-14',
  });
  const teamName = read.required('team', team, 'invalid', {
    fix: "Name the team, such as 'shop'",
    practice: 'CH02-22',
  });
  const purpose = read.required('purpose', text, 'invalid', {
    fix: 'State the purpose of the namespace',
    practice: 'CH02-22',
  });
  const expires = read.optional('expires', pointInTime, undefined, {
    fix: "Write a day such as '2026-12-31', or remove the prop to keep the namespace",
    practice: 'CH02-21',
  });
  const labels = read.optional('labels', labelMap, {}, { fix: 'Map label keys to values' });
  const annotations = read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' });
  refuseOwn('labels', labels, (key) => OWN_LABELS.includes(key) || key.startsWith(POD_SECURITY), read);
  // a chart writes its labels to all its objects
  refuseOwn('labels', Chart.of(owner).labels, (key) => key === EXPIRES_LABEL, read);
  refuseOwn('annotations', annotations, (key) => OWN_ANNOTATIONS.includes(key), read);
  const allAnnotations = {
    ...annotations,
    owner: contact,
    purpose,
    ...(expires === undefined ? {} : { [EXPIRES_AT_ANNOTATION]: expires }),
  };
  refuseLargeAnnotations(allAnnotations, problems, 'annotations');
  const guards = readGuards(read, problems, usualQuota);
  return {
    name: valid ? name : `invalid-${owner.node.addr.slice(0, 10)}`,
    labels: {
      ...labels,
      'app.kubernetes.io/managed-by': 'cdk8s',
      ...(isLabelValue(contact) ? { owner: contact } : {}),
      'team': teamName,
    },
    annotations: allAnnotations,
    team: teamName,
    ...guards,
    podSecurity: read.optional('podSecurity', oneOf<PodSecurityLevel>('restricted', 'baseline'), 'restricted', {
      fix: "Write 'restricted', the default, or 'baseline'; privileged pods need their own namespace",
      practice: 'CH10-35',
    }),
    defaultDeny: true,
    pullSecrets: readPullSecrets(read, problems),
  };
}

/** `usualQuota` is for those who name none; without it, a quota is required. */
export function readGuards(read: Reader<GuardProps>, problems: Problems, usualQuota?: Quota): GuardSettings {
  const before = problems.size;
  const quota = readQuota(readQuotaProp(read, usualQuota), problems, 'quota');
  const limitRange = readLimitRange(read.raw('limitRange'), quota.cpuLimit !== undefined, problems, 'limitRange');
  return { quota, limitRange, isMeasurable: problems.size === before };
}

function readQuotaProp(read: Reader<GuardProps>, usual: Quota | undefined): Quota {
  const check = instance(Quota, 'a Quota, e.g. Quota.of(...) with cpu and memory');
  const hint = {
    fix: 'Set the quota of the team: Quota.of(...) with cpu: Cpu.units(10), memory: Size.gibibytes(20)',
    practice: 'CH08-38',
  };
  return usual === undefined
    ? read.required('quota', check, STAND_IN, hint)
    : (read.optional('quota', check, undefined, hint) ?? usual);
}

export function readPullSecrets(read: Reader<GuardProps>, problems: Problems): string[] {
  const secrets = read.optional(
    'pullSecrets',
    confidential(listOf(confidential(that<ISecretRef>('a Secret reference', isPlain)))),
    [],
    { fix: "Use SecretRef.named('...') or a VersionedSecret" },
  );
  const names = secrets.flatMap((secret, index) => secretName(secret, problems, `pullSecrets[${index}]`) ?? []);
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) {
      problems.refuse('pullSecrets', name, 'each Secret once', { rule: 'props/duplicate', fix: 'Remove one of them' });
    }
  });
  return [...new Set(names)];
}

/** The prop that sets a label or annotation. */
function propOf(key: string): string {
  if (OF_DEVELOPERS.includes(key)) return "'ttl' of a DeveloperNamespace";
  if (key === EXPIRES_AT_ANNOTATION) return "'expires'";
  return key.startsWith(POD_SECURITY) ? "'podSecurity'" : `'${key}'`;
}

function refuseOwn(
  prop: 'labels' | 'annotations',
  given: Readonly<Record<string, string>>,
  isOwn: (key: string) => boolean,
  read: Reader<TenantProps>,
): void {
  for (const key of Object.keys(given).filter(isOwn)) {
    read.refuse(prop, key, `${prop} that no other prop sets`, {
      rule: 'namespace/own-label',
      fix: `Use ${propOf(key)}`,
    });
  }
}
