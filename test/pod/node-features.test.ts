import { type Chart, Size } from 'cdk8s';
import * as fc from 'fast-check';
import {
  ClusterProfile,
  type ClusterProfileProps,
  Job,
  PrivilegedException,
  PrivilegedWorkload,
  Redis,
  RuntimeClass,
  SecretRef,
  StaticSite,
  VersionedConfigMap,
  Volume,
  WebService,
} from '../../src';
import { linesOf, type Manifest, only, problemsOf, synth, untyped, WEB } from '../support';

const BOTH = { userNamespaces: true, supplementalGroupsPolicy: true };
const REASON = { reason: 'It is needed for this test' };
const REDIS = { password: { secret: SecretRef.named('redis'), key: 'password' }, storage: Size.gibibytes(2) };

/** The two fields of the pods of a chart, for each workload. */
function fieldsOf(build: (chart: Chart) => void, profile: ClusterProfileProps = { nodeFeatures: BOTH }): unknown[] {
  return synth((chart) => {
    new ClusterProfile({ version: '1.36', ...profile }).assignTo(chart);
    build(chart);
  }).flatMap(({ spec }) => {
    const pod = ((spec as Manifest | undefined)?.template as Manifest | undefined)?.spec as Manifest | undefined;
    return pod === undefined ? [] : [[pod.hostUsers, pod.securityContext.supplementalGroupsPolicy]];
  });
}

const refused = (build: (chart: Chart) => void, profile: Record<string, unknown> = {}): string[] =>
  problemsOf((chart) => {
    new ClusterProfile(untyped({ version: '1.36', ...profile })).assignTo(chart);
    build(chart);
  });

describe('features of nodes', () => {
  test('are unused where nobody states them, on the newest version too', () => {
    const build = (chart: Chart): unknown => new WebService(chart, 'web', WEB);
    expect(fieldsOf(build, { version: '1.37' })).toEqual([[undefined, undefined]]);
    expect(fieldsOf(build, { nodeFeatures: {} })).toEqual([[undefined, undefined]]);
    expect(fieldsOf(build, { nodeFeatures: { userNamespaces: true } })).toEqual([[false, undefined]]);
    expect(fieldsOf(build, { nodeFeatures: { supplementalGroupsPolicy: true } })).toEqual([[undefined, 'Strict']]);
  });

  test('are used by all blocks that have nothing against them, whenever the profile is assigned', () => {
    expect(
      fieldsOf((chart) => {
        new WebService(chart, 'web', WEB).mount('/data', Volume.emptyDir({ sizeLimit: Size.mebibytes(16) }));
        new Job(chart, 'job', { image: WEB.image }).mountSecret('/keys', SecretRef.named('keys'));
        const content = new VersionedConfigMap(chart, 'files', { data: { 'index.html': 'hello' } });
        new StaticSite(chart, 'site', { content });
      }),
    ).toEqual([
      [false, 'Strict'],
      [false, 'Strict'],
      [false, 'Strict'],
    ]);
    const late = synth((chart) => {
      new WebService(chart, 'web', WEB);
      new ClusterProfile({ version: '1.33', nodeFeatures: BOTH }).assignTo(chart);
    });
    expect(only(late, 'Deployment').spec.template.spec.hostUsers).toBe(false);
  });

  test('leave out a user namespace for pods of which nobody knows that it works', () => {
    expect(
      fieldsOf((chart) => {
        new Redis(chart, 'redis', REDIS);
        new WebService(chart, 'shared', WEB).mount('/data', Volume.claim('data'), { readOnly: true });
        new WebService(chart, 'model', WEB).mount('/model', Volume.image('ghcr.io/acme/model:1.0.0'));
        const runtimeClass = new RuntimeClass(chart, 'kata', { handler: 'kata' });
        new WebService(chart, 'boxed', { ...WEB, runtimeClass });
      }),
    ).toEqual(Array(4).fill([undefined, 'Strict']));
    expect(
      fieldsOf((chart) => {
        const exceptions = [PrivilegedException.rootUser(REASON)];
        new PrivilegedWorkload(chart, 'agent', { image: WEB.image, owner: 'team', exceptions });
      }),
    ).toEqual([[undefined, 'Strict']]);
  });

  test('are stated by name for one workload', () => {
    expect(
      fieldsOf((chart) => {
        new WebService(chart, 'off', { ...WEB, userNamespace: false, supplementalGroupsPolicy: 'Merge' });
        new Redis(chart, 'on', { ...REDIS, userNamespace: true, supplementalGroupsPolicy: 'Strict' });
      }),
    ).toEqual([
      [undefined, undefined],
      [false, 'Strict'],
    ]);
  });

  test('are an error where the profile does not state them', () => {
    const build = (chart: Chart): unknown =>
      new WebService(chart, 'web', { ...WEB, userNamespace: true, supplementalGroupsPolicy: 'Strict' });
    const both = [
      '[app/web] userNamespace: cluster/node-feature',
      '[app/web] supplementalGroupsPolicy: cluster/node-feature',
    ];
    expect(problemsOf(build)).toEqual(both);
    expect(refused(build)).toEqual(both);
    expect(refused(build, { nodeFeatures: { userNamespaces: true } })).toEqual(both.slice(1));
    expect(refused(build, { nodeFeatures: BOTH })).toEqual([]);
  });

  test.each<[string, unknown, string[]]>([
    ['that are no object', true, ['nodeFeatures: props/object']],
    ['that are unknown', { gpu: true }, ['nodeFeatures.gpu: props/unknown']],
    ['that are no boolean', { userNamespaces: 'yes' }, ['nodeFeatures.userNamespaces: props/value']],
  ])('are refused %s', (_title, nodeFeatures, messages) => {
    expect(refused(() => undefined, { nodeFeatures })).toEqual(messages.map((message) => `[app] ${message}`));
  });

  test('are one error on a version that drops the fields', () => {
    const build = (chart: Chart): unknown => new WebService(chart, 'web', { ...WEB, userNamespace: true });
    expect(refused(build, { version: '1.32', nodeFeatures: BOTH })).toEqual([
      '[app] nodeFeatures.userNamespaces: cluster/version',
      '[app] nodeFeatures.supplementalGroupsPolicy: cluster/version',
    ]);
    expect(refused(build, { version: '1.33', nodeFeatures: BOTH })).toEqual([]);
  });

  test('exclude host namespaces', () => {
    const build =
      (exception: PrivilegedException) =>
      (chart: Chart): unknown =>
        new PrivilegedWorkload(chart, 'agent', {
          image: WEB.image,
          owner: 'team',
          exceptions: [exception],
          userNamespace: true,
        });
    for (const exception of [PrivilegedException.hostNetwork(REASON), PrivilegedException.hostProcesses(REASON)]) {
      expect(refused(build(exception), { nodeFeatures: BOTH })).toEqual(['[app/agent] userNamespace: props/conflict']);
    }
    expect(refused(build(PrivilegedException.rootUser(REASON)), { nodeFeatures: BOTH })).toEqual([]);
  });

  test('never depend on the order of statements, and need no profile to opt out', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(undefined, true, false),
        fc.constantFrom(undefined, 'Strict' as const, 'Merge' as const),
        fc.record({ userNamespaces: fc.boolean(), supplementalGroupsPolicy: fc.boolean() }, { requiredKeys: [] }),
        fc.integer({ min: 30, max: 37 }),
        (userNamespace, supplementalGroupsPolicy, nodeFeatures, minor) => {
          const lines = linesOf((chart) => {
            new WebService(chart, 'web', { ...WEB, userNamespace, supplementalGroupsPolicy });
            new ClusterProfile({ version: `1.${minor}`, nodeFeatures }).assignTo(chart);
          });
          const asksFor = {
            userNamespaces: userNamespace === true,
            supplementalGroupsPolicy: supplementalGroupsPolicy === 'Strict',
          };
          const expected = (['userNamespaces', 'supplementalGroupsPolicy'] as const).map((feature) =>
            nodeFeatures[feature] ? minor < 33 : asksFor[feature],
          );
          expect(lines).toHaveLength(expected.filter(Boolean).length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
