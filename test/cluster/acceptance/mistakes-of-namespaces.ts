import * as fc from 'fast-check';
import { type Mistake, noInteger, noLabel, noLabelKey, noLabelValue, prop } from './mistake';
import { call, type Term, type Terms } from './terms';

const RESERVED = fc.constantFrom<Term>('default', 'kube-system', 'kube-', 'openshift', 'openshift-dns');
const noText = fc.constantFrom<Term>('', undefined, null, 7, {});
const noDate = fc.constantFrom<Term>(
  '',
  'tomorrow',
  '2026-02-30',
  '2026-13-01',
  '31.12.2026',
  '2026-12-31T18:00',
  '2026-12-31T18:00:00+20:00',
  7,
  null,
);
const AMOUNTS = { cpu: call('Cpu.units', 10), memory: call('Size.gibibytes', 20) };
const quota = (more: Terms, factory = 'Quota.of'): Terms => ({ quota: call(factory, { ...AMOUNTS, ...more }) });
const noBytes = fc.constantFrom<Term>(10, '10Gi', null, call('Size.kibibytes', 1));
const noCpu = fc.constantFrom<Term>(10, '10', null, call('Cpu.millis', 0), call('Cpu.millis', NaN));
const millis = (amount: number): Terms => ({ cpu: call('Cpu.millis', amount) });
const limits = (limitRange: Term): Terms => ({ ...quota({}), limitRange });

const tenant: Mistake[] = [
  prop('TenantNamespace', 'name: no namespace', 'name', fc.oneof(noLabel(63), RESERVED)),
  prop('TenantNamespace', 'owner: left out', 'owner', noText),
  prop(
    'TenantNamespace',
    'team: no label value',
    'team',
    fc.oneof(noLabelValue, fc.constant(''), fc.constant(undefined)),
  ),
  prop('TenantNamespace', 'purpose: left out', 'purpose', noText),
  prop('TenantNamespace', 'expires: no date', 'expires', noDate),
  prop(
    'TenantNamespace',
    'podSecurity: privileged',
    'podSecurity',
    fc.constantFrom<Term>('privileged', 'Restricted', '', null),
  ),
  prop(
    'TenantNamespace',
    'labels: Pod Security by hand',
    'labels',
    fc.constantFrom('pod-security.kubernetes.io/enforce', 'owner', 'team'),
    (key) => ({ labels: { [key as string]: 'privileged' } }),
  ),
  prop(
    'TenantNamespace',
    'labels: the mark of what expires',
    'labels',
    fc.constantFrom('true', 'false', ''),
    (value) => ({ labels: { 'cdk8s-best-practices.dev/expires': value } }),
  ),
  prop('TenantNamespace', 'labels: no key', 'labels', noLabelKey, (key) => ({ labels: { [key as string]: '' } })),
  prop(
    'TenantNamespace',
    'annotations: what other props say',
    'annotations',
    fc.constantFrom('owner', 'purpose', 'expires-at', 'ttl'),
    (key) => ({ annotations: { [key as string]: '' } }),
  ),
  prop(
    'TenantNamespace',
    'developers: a group of Kubernetes',
    'subjects',
    fc.constantFrom('system:masters', 'system:authenticated', 'SYSTEM:masters', '*', ' a'),
    (group) => ({ developers: [group] }),
  ),
  prop('TenantNamespace', 'pullSecrets: the same twice', 'pullSecrets', fc.constant('registry'), ($secret) => ({
    pullSecrets: [{ $secret }, { $secret }],
  })),
  prop('TenantNamespace', 'quota: left out', 'quota', fc.constantFrom<Term>(undefined, null, {}, 10)),
  prop('TenantNamespace', 'quota: no CPU', 'quota.cpu', noCpu, (cpu) => quota({ cpu })),
  prop('TenantNamespace', 'quota: no memory', 'quota.memory', noBytes, (memory) => quota({ memory })),
  prop(
    'TenantNamespace',
    'quota: a limit below its request',
    'quota.cpuLimit',
    fc.integer({ min: 1, max: 9999 }),
    (amount) => quota({ cpuLimit: call('Cpu.millis', amount) }),
  ),
  prop(
    'TenantNamespace',
    'quota: a limit that is not bounded',
    'quota.cpuLimit',
    fc.constant(call('Cpu.units', 20)),
    (cpuLimit) => quota({ cpuLimit }, 'Quota.withoutCpuLimit'),
  ),
  prop(
    'TenantNamespace',
    'quota: no number of devices',
    "quota.extended['nvidia.com/gpu']",
    noInteger(0, 100_000),
    (count) => quota({ extended: { 'nvidia.com/gpu': count } }),
  ),
  prop('TenantNamespace', 'quota: no number of pods', 'quota.pods', noInteger(1, 100_000), (pods) => quota({ pods })),
  prop('TenantNamespace', 'quota: no number of objects', 'quota.objects.services', noInteger(0, 100_000), (services) =>
    quota({ objects: { services } }),
  ),
  prop('TenantNamespace', 'quota: an object that is not counted', 'quota.objects.gadgets', fc.constant(1), (gadgets) =>
    quota({ objects: { gadgets } }),
  ),
  prop(
    'TenantNamespace',
    'quota: no room for its own objects',
    'quota.objects.',
    fc.constantFrom('serviceAccounts', 'configMaps'),
    (kind) => quota({ objects: { [kind as string]: 0 } }),
  ),
  prop(
    'TenantNamespace',
    'quota: no storage class',
    'quota.storageClasses',
    fc.constantFrom('', 'A', 'a_b', `${'a'.repeat(63)}.`.repeat(3) + 'a'.repeat(34)),
    (name) => quota({ storageClasses: { [name as string]: {} } }),
  ),
  prop(
    'TenantNamespace',
    'quota: more of a class than of all',
    "quota.storageClasses['fast'].storage",
    fc.integer({ min: 1, max: 100 }),
    (more) =>
      quota({
        storage: call('Size.gibibytes', 10),
        storageClasses: { fast: { storage: call('Size.gibibytes', 10 + (more as number)) } },
      }),
  ),
  prop(
    'TenantNamespace',
    'limitRange: a default above the maximum',
    'limitRange.max.cpu',
    fc.integer({ min: 101, max: 999 }),
    (amount) => limits({ defaultLimit: millis(1000), max: millis(amount as number) }),
  ),
  prop(
    'TenantNamespace',
    'limitRange: a request below the minimum',
    'limitRange.defaultRequest.cpu',
    fc.integer({ min: 1, max: 99 }),
    (amount) => limits({ min: millis(100), defaultRequest: millis(amount as number) }),
  ),
  prop(
    'TenantNamespace',
    'limitRange: no ratio',
    'limitRange.maxRatio.cpu',
    fc.constantFrom<Term>(0, 0.5, 1001, 1.0001, NaN, '2', null),
    (cpu) => limits({ maxRatio: { cpu } }),
  ),
  prop(
    'TenantNamespace',
    'limitRange: a ratio that the defaults exceed',
    'limitRange.maxRatio.cpu',
    fc.constant(2),
    (cpu) => limits({ defaultRequest: millis(100), defaultLimit: millis(1000), maxRatio: { cpu } }),
  ),
  prop(
    'TenantNamespace',
    'limitRange: a largest claim below the smallest',
    'limitRange.maxClaim',
    fc.constant(call('Size.gibibytes', 1)),
    (maxClaim) => limits({ minClaim: call('Size.gibibytes', 2), maxClaim }),
  ),
  prop(
    'TenantNamespace',
    'limitRange: a CPU limit beside Quota.withoutCpuLimit',
    'limitRange.',
    fc.constantFrom('defaultLimit', 'max'),
    (bound) => ({ ...quota({}, 'Quota.withoutCpuLimit'), limitRange: { [bound as string]: millis(1000) } }),
  ),
];

const developer: Mistake[] = [
  prop('DeveloperNamespace', 'name: no namespace', 'name', RESERVED),
  prop(
    'DeveloperNamespace',
    'ttl: no whole hours',
    'ttl',
    fc.constantFrom<Term>(
      5,
      '5d',
      null,
      call('Duration.minutes', 30),
      call('Duration.minutes', 90),
      call('Duration.days', 366),
    ),
    (ttl) => ({ expires: undefined, now: undefined, ttl }),
  ),
  prop('DeveloperNamespace', 'ttl: beside a date', 'ttl', fc.constant(call('Duration.days', 5)), (ttl) => ({
    expires: '2026-12-31',
    ttl,
  })),
  prop(
    'DeveloperNamespace',
    'expires: in the past',
    'expires',
    fc.constantFrom('2026-12-31', '2026-01-01T00:00:00Z'),
    (expires) => ({ ttl: undefined, expires, now: '2026-12-31T00:00:00Z' }),
  ),
  prop('DeveloperNamespace', 'expires: no date', 'expires', noDate, (expires) => ({ ttl: undefined, expires })),
  prop('DeveloperNamespace', 'editors: nobody', 'editors', fc.constantFrom<Term>([], [null], 'jane', [{}])),
  prop('DeveloperNamespace', 'clusterView: no boolean', 'clusterView', fc.constantFrom<Term>('yes', 1, null)),
  prop('DeveloperNamespace', 'a prop of TenantNamespace', 'developers', fc.constant(['oidc:a'])),
];

const reaper: Mistake[] = [
  prop(
    'NamespaceReaper',
    'image: left out',
    'image',
    fc.constantFrom<Term>(undefined, 'kubectl', 'kubectl:latest', null),
  ),
  prop('NamespaceReaper', 'name: too long for a CronJob', 'name', noLabel(52)),
  prop(
    'NamespaceReaper',
    'schedule: none that comes',
    'schedule',
    fc.constantFrom<Term>('', 'hourly', '61 * * * *', '0 0 31 2 *', null),
  ),
  prop(
    'NamespaceReaper',
    'egressTo: with open egress',
    'egressTo',
    fc.constant([call('Egress.internet')]),
    (egressTo) => ({ egress: 'open', egressTo }),
  ),
  prop(
    'NamespaceReaper',
    'egressTo: no API server',
    'egressTo',
    fc.constantFrom<Term>(undefined, [call('Egress.to', call('Peer.pods', { namespace: 'a' }))]),
    (egressTo) => ({ egress: 'declared', egressTo }),
  ),
];

export const NAMESPACE_MISTAKES: readonly Mistake[] = [...tenant, ...developer, ...reaper];
