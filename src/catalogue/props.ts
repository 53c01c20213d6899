import { rules, Severity } from './rule';

const { ERROR } = Severity;

/** What holds for the props of all blocks. */
export const PROPS = rules({
  'props/object': {
    severity: ERROR,
    practices: [],
    title: 'Props are given by name',
    reason: 'A string, a list or an instance of a class has no props to read, and the block would be made of defaults.',
    fix: 'Give each prop by its name',
    bad: "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz', 8080) });",
    good: "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz', { port: 8080 }) });",
  },
  'props/unknown': {
    severity: ERROR,
    practices: [],
    title: 'Each prop is one that the block knows',
    reason: 'A misspelt prop has no effect, and nobody notices before production.',
    fix:
      'Correct the name, or remove the prop. For some fields of Kubernetes, the message names what takes their ' +
      'place',
    bad: "new WebService(chart, 'web', { ...web, replica: 3 });",
    good: "new WebService(chart, 'web', { ...web, replicas: 3 });",
  },
  'props/required': {
    severity: ERROR,
    practices: [],
    title: 'What has no safe default is given',
    reason: 'A default would be a guess about your application.',
    fix: 'Give the prop',
    bad: "new WebService(chart, 'web', { image, readiness: web.readiness });",
    good: "new WebService(chart, 'web', { image, readiness: web.readiness, port: 8080 });",
  },
  'props/value': {
    severity: ERROR,
    practices: [],
    title: 'Each value has the type, the range and the syntax that the prop takes',
    reason:
      'The API server would refuse it, or take it for something else. Callers in JavaScript and values from outside ' +
      'have no types.',
    fix: 'Give a value that the message describes',
    bad: "new WebService(chart, 'web', { ...web, replicas: -1 });",
    good: "new WebService(chart, 'web', { ...web, replicas: 1 });",
  },
  'props/conflict': {
    severity: ERROR,
    practices: [],
    title: 'Props that exclude each other are not given together',
    reason: 'One of the two would be ignored, and which one is not obvious.',
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
    title: 'A list that is given has at least one item',
    reason:
      'To Kubernetes, an empty list often means all. A list that came out empty by mistake would open everything.',
    fix: 'Name at least one item, or leave the prop out',
    bad: "new WebService(chart, 'web', web).allowFrom(Peer.cidr('10.0.0.0/8'), { ports: [] });",
    good: "new WebService(chart, 'web', web).allowFrom(Peer.cidr('10.0.0.0/8'));",
  },
  'props/duplicate': {
    severity: ERROR,
    practices: [],
    title: 'Each item of a list or name of a part comes once',
    reason: 'The API server refuses most duplicates, and the second one has no effect.',
    fix: 'Remove or rename one of them',
    bad: "new Job(chart, 'migrate', { image, fatalExitCodes: [3, 3] });",
    good: "new Job(chart, 'migrate', { image, fatalExitCodes: [3] });",
  },
});
