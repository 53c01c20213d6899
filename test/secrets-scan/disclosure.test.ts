import { ApiObject, type Chart, JsonPatch } from 'cdk8s';
import * as fc from 'fast-check';
import { textOf } from './random-text';
import {
  App,
  DeveloperNamespace,
  Egress,
  ExistingNamespace,
  ExternalService,
  FindingFormat,
  Findings,
  HttpRouting,
  ImportedService,
  IngressController,
  Job,
  NamespaceReaper,
  Probe,
  Redis,
  Rules,
  ScheduledJob,
  StaticSite,
  TenantNamespace,
  Tls,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
  Worker,
} from '../../src';
import { holdsSecret, mayBeSecret } from '../../src/secrets-scan/disclosure';
import { formatIn } from '../../src/secrets-scan/formats';
import { FORMATS } from '../../src/secrets-scan/formats.generated';
import { newChart, WEB } from '../support';

describe('what may be a credential is not quoted', () => {
  test.each([
    ['a user and a password', 'me:hunter2@registry.example.com/shop:1.0'],
    ['a URL with both', 'https://me:hunter2@example.com'],
    ['a name and a value', 'PASSWORD=Sup3rS3cret'],
    ['words of a command', 'server --verbose --password hunter2'],
    ['a password of a client', 'mysql -phunter2'],
    ['a word of letters and digits', 'Sup3rSecret'],
    ['a part of a path', '/v1/x7Kq9LmP2vRt'],
    ['many letters', 'kdjfhgkjdfhgkdjfhgskdjfhaqwoeiruzmxncbvqpo'],
  ])('such as %s', (_title, text) => {
    expect(mayBeSecret(text)).toBe(true);
  });

  test.each([
    'ghcr.io/acme/shop:1.4.2-alpine3.20',
    'shop:bfeda01f-2345',
    `ghcr.io/acme/shop@sha256:${'0a'.repeat(32)}`,
    '10.0.0.0/33',
    'fe80::1/64',
    '64Mi',
    '2026-12-31',
    '/^v[0-9]+',
    'app.kubernetes.io/instance',
    'https://example.com:8443/a?b=c',
    'k8s.gcr.io/ingress2gateway',
    'DB_PASSWORD',
    'user@example.com',
    'x'.repeat(60),
    'arn:aws:iam::123456789012:role/shop',
    '$(DB_PASSWORD)',
    'postgres://$(USER):$(PASSWORD)@db',
    'minReadySeconds',
  ])('but %s is', (text) => {
    expect(mayBeSecret(text)).toBe(false);
  });

  test('a hash in a name of ours may be quoted', () => {
    expect([mayBeSecret('shop-config-8f3kd9s2x1'), holdsSecret('shop-config-8f3kd9s2x1')]).toEqual([true, false]);
  });
});

/** Credentials of known formats, in the places where people put them by mistake, and passwords. */
const token = fc
  .constantFrom(...FORMATS)
  .chain(({ pattern }) => textOf(pattern))
  .map((text) => text.replace(/["'`;\s]+/g, ''))
  .filter((text) => formatIn(text) !== undefined);
const password = fc.stringMatching(/^[a-zA-Z][a-z][0-9][A-Z][a-z][0-9][a-z][A-Z][0-9][a-z]{2,6}$/);
const secret = fc.oneof(token, password);

type Place = (secret: string) => unknown;
const PLACES: readonly Place[] = [
  (text) => text,
  (text) => [text],
  (text) => ({ [text]: 'PASSWORD' }),
  (text) => ({ PASSWORD: text }),
  (text) => ({ [`PASSWORD=${text}`]: 'x' }),
  (text) => ({ a: { [text]: { b: text } } }),
  (text) => [{ [text]: text, name: text, image: text }],
  (text) => `server --verbose --password ${text}`,
  (text) => [`--password=${text}`, 5],
  (text) => ['--token', text, null],
  (text) => `PASSWORD=${text}`,
  (text) => `https://me:${text}@example.com/shop`,
  (text) => `me:${text}@registry.example.com/shop:latest`,
  (text) => `mysql -p${text}`,
  (text) => `--requirepass ${text} --port 6379`,
  (text) => `https://me:${text}@example.com:8443/shop?x=1`,
  (text) => ({ value: text }),
  (text) => Probe.httpGet(text, { headers: { [text]: text, Authorization: `Bearer ${text}` }, portName: text }),
  (text) => Probe.exec([text, '--password', text, 5 as never]),
  (text) => Egress.cidr(text, { ports: [text as never] }),
];

const PROPS = [
  'name',
  'image',
  'command',
  'args',
  'env',
  'allowSecretLookingEnv',
  'resources',
  'user',
  'writablePaths',
  'port',
  'portName',
  'extraPorts',
  'readiness',
  'liveness',
  'labels',
  'annotations',
  'podLabels',
  'podAnnotations',
  'registries',
  'pullPolicy',
  'pullSecrets',
  'sidecars',
  'initContainers',
  'egress',
  'egressTo',
  'nodeSelector',
  'tolerations',
  'priorityClassName',
  'replicas',
  'service',
  'data',
  'files',
  'folder',
  'reload',
  'allowSecretLookingData',
  'password',
  'evictionPolicy',
  'config',
  'storageClassName',
  'version',
  'keys',
  'type',
  'host',
  'tls',
  'routes',
  'schedule',
  'timeZone',
  'content',
  'root',
  'fallback',
  'owner',
  'team',
  'purpose',
  'expires',
  'target',
  'externalName',
  'file',
  'quota',
  'podSecurity',
  'subjects',
  'tiers',
  'unknown',
];

type Build = (chart: Chart, props: object) => void;
const BLOCKS: Readonly<Record<string, Build>> = {
  WebService: (chart, props) => new WebService(chart, 'x', { ...WEB, ...props }),
  Job: (chart, props) => new Job(chart, 'x', { image: WEB.image, ...props }),
  ScheduledJob: (chart, props) => new ScheduledJob(chart, 'x', { image: WEB.image, schedule: '5 4 * * *', ...props }),
  StaticSite: (chart, props) => new StaticSite(chart, 'x', { image: WEB.image, ...props }),
  Redis: (chart, props) => new Redis(chart, 'x', props as never),
  VersionedConfigMap: (chart, props) => new VersionedConfigMap(chart, 'x', props),
  VersionedSecret: (chart, props) => new VersionedSecret(chart, 'x', { version: 'v1', ...props }),
  TenantNamespace: (chart, props) => new TenantNamespace(chart, 'x', props as never),
  DeveloperNamespace: (chart, props) => new DeveloperNamespace(chart, 'x', props as never),
  ExistingNamespace: (chart, props) => new ExistingNamespace(chart, 'x', props),
  ExternalService: (chart, props) => new ExternalService(chart, 'x', props as never),
  NamespaceReaper: (chart, props) => new NamespaceReaper(chart, 'x', props as never),
  Worker: (chart, props) => new Worker(chart, 'x', { image: WEB.image, liveness: Probe.none(), ...props }),
  ImportedService: (chart, props) => new ImportedService(chart, 'x', props as never),
  HttpRouting: (chart, props) =>
    new HttpRouting(chart, 'x', {
      host: 'shop.example.com',
      tls: Tls.none(),
      controller: IngressController.inNamespace('ingress', { className: 'nginx' }),
      routes: [],
      ...props,
    }),
};

/**
 * All that is or could be printed of an app: what is thrown, data and text of all findings, and what `App` writes to
 * stderr.
 */
function printed(build: (chart: Chart) => void): string {
  const chart = newChart(undefined, 'app', new App());
  const texts: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => texts.push(String(text)) > 0);
  try {
    build(chart);
    (chart.node.root as App).synthYaml();
  } catch (error) {
    texts.push((error as Error).stack ?? '', JSON.stringify(error));
  } finally {
    stderr.mockRestore();
  }
  const findings = Findings.of(chart);
  return [
    ...texts,
    ...Object.values(FindingFormat).map((format) => Findings.format(findings, format)),
    ...findings.map(({ message }) => message),
  ].join('\n');
}

describe('C3: no credential is printed', () => {
  test.each(Object.entries(BLOCKS))('whatever prop of a %s holds it, and however', (_name, build) => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...PROPS), fc.constantFrom(...PLACES), (text, prop, place) => {
        expect(printed((chart) => build(chart, { [prop]: place(text) }))).not.toContain(text);
      }),
      { numRuns: 150 },
    );
  });

  test('with a suffix, as names get one', () => {
    const credential = `hf_${'A'.repeat(25)}xCmbJHewu`;
    expect(printed((chart) => new VersionedSecret(chart, 'x', { name: credential, version: 'v1' }))).not.toContain(
      credential,
    );
    expect(printed((chart) => new VersionedSecret(chart, 'x', { name: 'a', version: credential }))).not.toContain(
      credential,
    );
  });

  test('as the name of a variable, an entry or a prop', () => {
    fc.assert(
      fc.property(secret, (text) => {
        const all = printed((chart) => {
          const web = new WebService(chart, 'web', { ...WEB, [text]: 1, env: { [text]: 'postgres://me:hunter2@db' } });
          web.addEnv(text, 5 as never);
          web.mount(`/etc/${text}/../x`, {} as never);
          new VersionedConfigMap(chart, 'config', { data: { [text]: 'postgres://me:hunter2@db', [`${text} `]: 'x' } });
        });
        expect([all.includes(text), all.includes('hunter2')]).toEqual([false, false]);
        expect(all).toContain('***');
      }),
      { numRuns: 100 },
    );
  });

  test('in the calls of a workload, and in a JSON patch', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...PLACES), (text, place) => {
        const given = place(text) as never;
        const all = printed((chart) => {
          const [web, other] = ['web', 'other'].map((id) => new WebService(chart, id, WEB));
          web.addEnvFrom(given);
          web.mountSecret('/etc/x', given);
          web.connectTo(given);
          for (const prop of ['prefix', 'address', 'password', 'port', 'containers']) {
            web.connectTo(other, { [prop]: given });
          }
          for (const path of [`/spec/${text}/x`, `/spec/nope/${text}`]) {
            web.deployment.addJsonPatch(JsonPatch.replace(path, given));
          }
          const raw = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { [text]: 'x' } };
          new ApiObject(chart, 'raw', raw).addJsonPatch(JsonPatch.replace('/data/x/y', given));
        });
        expect(all).not.toContain(text);
      }),
      { numRuns: 150 },
    );
  });

  test('by a rule of somebody else', () => {
    fc.assert(
      fc.property(secret, (text) => {
        const all = printed((chart) => {
          const violation = {
            construct: chart,
            propPath: ['env', text],
            got: text,
            expected: `no PASSWORD=${text}`,
            fix: `Remove PASSWORD=${text}`,
          };
          Rules.of(chart).add({ id: 'acme/rule', check: () => [violation] });
        });
        expect(all).toContain('acme/rule');
        expect(all).not.toContain(text);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['env', { 'PASSWORD=Sup3rS3cret': 'x' }, "[app/web] env['***']: props/value"],
    ['args', '--password=hunter2 --verbose', '[app/web] args: props/value'],
    ['args', [7532467], '[app/web] args[0]: props/value'],
    ['image', 'me:hunter2@registry.example.com/shop', '[app/web] image: workload/image-tag'],
    ['image', 'https://me:hunter2@registry.example.com/shop', '[app/web] image: workload/image-tag'],
  ])('in the prop %s of %j', (prop, value, finding) => {
    const all = printed((chart) => new WebService(chart, 'web', { ...WEB, [prop]: value }));
    expect(all).toContain(finding.replace(/^.*: /, ''));
    expect(all).not.toMatch(/hunter2|Sup3rS3cret|7532467/);
  });
});
