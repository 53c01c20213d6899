import { rules, Severity } from './rule';

const { ERROR } = Severity;

/** Rules for the props of all blocks. */
export const PROPS = rules({
  'props/object': {
    severity: ERROR,
    practices: [],
    title: 'Props are given by name',
    reason: 'A string, a list or a class instance has no props to read. The block would use defaults only.',
    fix: 'Give each prop by its name',
    bad: "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz', 8080) });",
    good: "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz', { port: 8080 }) });",
  },
  'props/unknown': {
    severity: ERROR,
    practices: [],
    title: 'The block knows every prop',
    reason: 'A misspelt prop has no effect, and the mistake shows only in production.',
    fix:
      'Correct the name, or remove the prop. For some fields of Kubernetes, the message names what replaces ' + 'them',
    bad: "new WebService(chart, 'web', { ...web, replica: 3 });",
    good: "new WebService(chart, 'web', { ...web, replicas: 3 });",
  },
  'props/required': {
    severity: ERROR,
    practices: [],
    title: 'A prop without a safe default is set',
    reason: 'A default would be a guess about your application.',
    fix: 'Set the prop',
    bad: "new WebService(chart, 'web', { image, readiness: web.readiness });",
    good: "new WebService(chart, 'web', { image, readiness: web.readiness, port: 8080 });",
  },
  'props/value': {
    severity: ERROR,
    practices: [],
    title: 'Every value has the type, range and syntax of its prop',
    reason:
      'The API server would refuse or misread it. Callers in JavaScript and values from outside ' + 'have no types.',
    fix: 'Use a value that the message describes',
    bad: "new WebService(chart, 'web', { ...web, replicas: -1 });",
    good: "new WebService(chart, 'web', { ...web, replicas: 1 });",
  },
  'props/conflict': {
    severity: ERROR,
    practices: [],
    title: 'Props that exclude each other are not set together',
    reason: 'One of the two would be ignored, and it is not obvious which one.',
    fix: 'Keep one of them',
    bad:
      "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:staff')], " +
      "namespace: 'shop', clusterWide: 'on call' });",
    good:
      "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:staff')], " +
      "namespace: 'shop' });",
  },
  'props/empty-list': {
    severity: ERROR,
    practices: [],
    title: 'A list has at least one item',
    reason: 'Kubernetes often reads an empty list as "all". A list that is empty by mistake would open everything.',
    fix: 'Name at least one item, or leave the prop out',
    bad: "new WebService(chart, 'web', web).allowFrom(Peer.cidr('10.0.0.0/8'), { ports: [] });",
    good: "new WebService(chart, 'web', web).allowFrom(Peer.cidr('10.0.0.0/8'));",
  },
  'props/duplicate': {
    severity: ERROR,
    practices: [],
    title: 'Items of a list and names of parts are unique',
    reason: 'The API server refuses most duplicates. The others have no effect.',
    fix: 'Remove or rename one of them',
    bad: "new Job(chart, 'migrate', { image, fatalExitCodes: [3, 3] });",
    good: "new Job(chart, 'migrate', { image, fatalExitCodes: [3] });",
  },
});
