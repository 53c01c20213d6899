import { ApiObject, App as Cdk8sApp, Chart, Size, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  App,
  type AppView,
  ClusterProfile,
  Cpu,
  type Finding,
  FindingFormat,
  Findings,
  findingsOf,
  type IRule,
  Resources,
  Rules,
  Severity,
  SynthesisError,
  type Violation,
  WebService,
} from '../../src';
import { newChart, problemsOf, untyped, WEB } from '../support';

/** Deployments have a label that names a team. */
class TeamLabel implements IRule {
  public readonly id = 'acme/team-label';
  public readonly link = 'https://acme.example.com/rules#team-label';

  public get severity(): Severity {
    return Severity.ERROR;
  }

  public check(view: AppView): Violation[] {
    return view
      .objects('Deployment')
      .filter(
        ({ manifest }) =>
          (manifest as { metadata: { labels: Record<string, string> } }).metadata.labels.team === undefined,
      )
      .map(({ construct }) => ({
        construct: construct.node.scope as Construct,
        propPath: ['labels', 'team'],
        got: 'nothing',
        expected: 'a label that names the team',
        fix: "Set labels: { team: '...' }",
      }));
  }
}

const FOUND: Finding = {
  rule: 'acme/team-label',
  severity: Severity.ERROR,
  constructPath: 'app/web',
  propPath: ['labels', 'team'],
  got: 'nothing',
  expected: 'a label that names the team',
  fix: "Set labels: { team: '...' }",
  practices: [],
  link: 'https://acme.example.com/rules#team-label',
  message: "prop 'labels.team': got nothing, expected a label that names the team. Set labels: { team: '...' }",
};

function errorOf(step: () => unknown): Error {
  try {
    step();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** What a rule sees of an app. */
function seen<T>(chart: Chart, look: (view: AppView) => T): T {
  let found: T | undefined;
  Rules.of(chart).add({
    id: 'acme/look',
    check: (view) => {
      found = look(view);
      return [];
    },
  });
  Testing.synth(chart);
  return found as T;
}

describe('a rule of your own', () => {
  test.each<[string, () => Cdk8sApp]>([
    ['our App', () => new App()],
    ["cdk8s' App", () => new Cdk8sApp()],
  ])('stops the synthesis under %s, and its findings are data', (_, newApp) => {
    const app = newApp();
    const chart = newChart('shop', 'app', app);
    Rules.of(app).add(new TeamLabel());
    new WebService(chart, 'web', WEB);
    new WebService(chart, 'labelled', { ...WEB, labels: { team: 'shop' } });
    const text = `Validation failed with the following errors:\n  [app/web] ${FOUND.message}`;
    expect(errorOf(() => app.synthYaml()).message).toBe(text);
    expect(errorOf(() => Testing.synth(chart)).message).toBe(text);
    expect(findingsOf(app)).toEqual([FOUND]);
  });

  test('is in the error of our App and in SARIF with its link', () => {
    const app = new App();
    new WebService(newChart('shop', 'app', app), 'web', WEB);
    Rules.of(app).add(new TeamLabel());
    expect((errorOf(() => app.synthYaml()) as SynthesisError).findings).toEqual([FOUND]);
    const log = JSON.parse(Findings.format([FOUND], FindingFormat.SARIF)) as { runs: Array<{ tool: unknown }> };
    expect(log.runs[0].tool).toMatchObject({ driver: { rules: [{ id: 'acme/team-label', helpUri: FOUND.link }] } });
  });

  test('warns where it says so, can be raised and waived', () => {
    const app = new App();
    new WebService(newChart('shop', 'app', app), 'web', WEB);
    const rule = new TeamLabel();
    Rules.of(app).add({ id: rule.id, severity: Severity.WARNING, check: (view) => rule.check(view) });
    const severities = (): unknown[] =>
      findingsOf(app).map(({ severity, waiver, link }) => [severity, waiver?.reason, link]);
    expect(severities()).toEqual([['warning', undefined, '']]);
    Rules.of(app).severity('acme/team-label', Severity.ERROR);
    expect(severities()).toEqual([['error', undefined, '']]);
    expect(() => app.synthYaml()).toThrow(SynthesisError);
    Rules.of(app).asOf('2026-11-29').waive('acme/team-label', app, { reason: 'soon', until: '2026-12-31' });
    expect(severities()).toEqual([['error', 'soon', '']]);
    expect(app.synthYaml()).toContain('kind: Deployment');
  });

  test('is asked anew in each synthesis', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    Rules.of(app).add(new TeamLabel());
    app.synthYaml();
    new WebService(chart, 'web', WEB);
    expect(() => app.synthYaml()).toThrow('labels.team');
  });

  test('can be about any construct, also of an app without our blocks', () => {
    const app = new Cdk8sApp();
    const chart = new Chart(app, 'app');
    new ApiObject(chart, 'map', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' } });
    Rules.of(app).add({
      id: 'acme/no-maps',
      check: (view) =>
        view
          .objects('ConfigMap')
          .map(({ construct }) => ({ construct, got: 'a ConfigMap', expected: 'none', fix: 'Remove it' })),
    });
    expect(errorOf(() => app.synthYaml()).message).toBe(
      'Validation failed with the following errors:\n  [app/map] got a ConfigMap, expected none. Remove it',
    );
  });

  test('does not put what looks like a credential into a log', () => {
    const app = new App();
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    Rules.of(app).add({
      id: 'acme/leak',
      check: ({ root }) => [{ construct: root, got: secret, expected: 'none', fix: 'Remove it' }],
    });
    expect(JSON.stringify(findingsOf(app))).not.toContain(secret);
  });

  test.each<[string, IRule['check']]>([
    [
      'throws',
      () => {
        throw new Error('no team');
      },
    ],
    ['gives no list', () => undefined as never],
    ['gives a violation without construct', () => [{ got: 'a', expected: 'b', fix: 'C' } as never]],
    ['gives a violation of another app', () => [{ construct: newChart(), got: 'a', expected: 'b', fix: 'C' }]],
    ['gives a violation with a number', ({ root }) => [{ construct: root, got: 1 as never, expected: 'b', fix: 'C' }]],
  ])('is a finding itself when it %s, beside those of others', (_, check) => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, port: 0 });
        Rules.of(chart).add({ id: 'acme/failing', severity: Severity.WARNING, check });
      }),
    ).toEqual(['[] rules/failed', '[app/web] port: props/value']);
  });

  test.each<[string, unknown, string[]]>([
    ['without a prefix', { id: 'team-label' }, ['[] add.id: props/value']],
    ['with a prefix of the library', { id: 'workload/team-label' }, ['[] add.id: rules/reserved-prefix']],
    ['with an unknown severity', { id: 'acme/a', severity: 'fatal' }, ['[] add.severity: props/value']],
    ['without a check', { id: 'acme/a', check: undefined }, ['[] add.check: props/required']],
    ['of nothing', undefined, ['[] add.id: props/required', '[] add.check: props/required']],
  ])('is refused %s', (_, rule, problems) => {
    expect(
      problemsOf((chart) =>
        Rules.of(chart).add(untyped(rule === undefined ? rule : { check: () => [], ...(rule as object) })),
      ),
    ).toEqual(problems);
  });

  test('has an id of its own', () => {
    const rule = { id: 'acme/a', check: () => [] };
    expect(problemsOf((chart) => Rules.of(chart).add(rule).add(rule))).toEqual(['[] add.id: rules/duplicate-id']);
  });
});

describe('what a rule sees', () => {
  test('are objects of all libraries, with frozen manifests', () => {
    const chart = newChart();
    new WebService(chart, 'web', WEB);
    new ApiObject(chart, 'map', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' }, data: { a: 'b' } });
    const [map] = seen(chart, (view) => view.objects('ConfigMap'));
    expect([map.cluster, map.apiVersion, map.kind, map.namespace, map.name, map.construct.node.path]).toEqual([
      'default',
      'v1',
      'ConfigMap',
      'shop',
      'map',
      'app/map',
    ]);
    expect(map.manifest).toMatchObject({ data: { a: 'b' } });
    expect(map.manifest).toBe(map.manifest);
    expect(() => {
      (map.manifest as { data: Record<string, string> }).data.a = 'c';
    }).toThrow(TypeError);
    expect(seen(newChart(), (view) => view.objects())).toEqual([]);
  });

  test('is no manifest where the object cannot be rendered', () => {
    const chart = newChart();
    new WebService(chart, 'web', { ...WEB, port: 0 });
    const manifests: unknown[] = [];
    Rules.of(chart).add({
      id: 'acme/look',
      check: (view) => {
        manifests.push(view.objects('Deployment')[0].manifest);
        return [];
      },
    });
    expect(findingsOf(chart.node.root).map(({ rule }) => rule)).toEqual(['props/value']);
    expect(manifests).toEqual([undefined]);
  });

  test('are workloads, connections, namespaces, Secrets and clusters', () => {
    const chart = newChart();
    new ClusterProfile({ name: 'prod', zones: 3 }).assignTo(chart);
    const resources = Resources.of({ cpu: Cpu.millis(250), memory: Size.mebibytes(128) });
    const [web, api] = ['web', 'api'].map((id) => new WebService(chart, id, { ...WEB, resources }));
    web.connectTo(api);
    const [workloads, connections, namespaces, secrets, zones] = seen(
      chart,
      (view) =>
        [view.workloads(), view.connections(), view.namespaces(), view.secrets(), view.clusterOf(web).zones] as const,
    );
    expect(workloads[0]).toEqual({
      construct: web,
      cluster: 'prod',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'app-web',
      replicas: 2,
      mostReplicas: 2,
      images: [WEB.image],
      cpuMillis: 250,
      memoryBytes: 128 * 2 ** 20,
    });
    expect(connections).toEqual([{ from: 'app/web', to: 'app/api', ports: '8080', client: web, server: api }]);
    expect(
      namespaces.map(({ cluster, name, created, objects }) => [cluster, name, created, objects.length > 0]),
    ).toEqual([['prod', 'shop', false, true]]);
    expect([secrets, zones]).toEqual([[], 3]);
  });
});
