import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'yaml';
import { shop, synthesize } from '../../examples/three-tier/main';
import { mayReach, type Place } from '../network/tiers/reachability';
import type { Manifest } from '../support';

const output = mkdtempSync(join(tmpdir(), 'three-tier-'));
const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);

beforeAll(() => synthesize(output, shop));
afterAll(() => rmSync(output, { recursive: true }));

const files = (): Array<[string, string]> =>
  readdirSync(output)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => [file, readFileSync(join(output, file), 'utf8')]);
const manifests = (): Manifest[] =>
  files().flatMap(([, text]) => yaml.parseAllDocuments(text).map((document) => document.toJS() as Manifest));

/** The pods of each workload, and others. */
function places(): Record<string, Place> {
  const templates = manifests().filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind as string));
  const own = templates.map(({ metadata, spec }, index): [string, Place] => [
    metadata.name,
    { address: `10.1.0.${index + 1}`, pod: { namespace: 'shop', labels: spec.template.metadata.labels } },
  ]);
  const pod = (namespace: string, labels: Record<string, string>, address: string): Place => ({
    address,
    pod: { namespace, labels },
  });
  return {
    ...Object.fromEntries(own),
    traefik: pod('traefik', { app: 'traefik' }, '10.2.0.1'),
    prometheus: pod('monitoring', { 'app.kubernetes.io/name': 'prometheus' }, '10.2.0.2'),
    intruder: pod('shop', { app: 'intruder', tier: 'api' }, '10.2.0.3'),
    namesake: pod('other', own.find(([name]) => name === 'orders')![1].pod!.labels, '10.2.0.4'),
    metadata: { address: '169.254.169.254' },
  };
}

describe('the three-tier example', () => {
  test('writes the YAML as it was reviewed (S09-11)', () => {
    expect(
      files()
        .map(([file, content]) => `# ${file}\n${content}`)
        .join('\n'),
    ).toMatchSnapshot();
  });

  test('lets pods reach each other as its README says, and no others (S09-11, CH09-46)', () => {
    const policies = manifests().filter(({ kind }) => kind === 'NetworkPolicy');
    const all = Object.entries(places());
    const members = ['catalog', 'orders', 'redis', 'shop'];
    const allowed = all.flatMap(([from, source]) =>
      all
        .filter(([to]) => to !== from && (members.includes(from) || members.includes(to)))
        .flatMap(([to, target]) =>
          [80, 6379, 8080, 9090]
            .filter((port) => mayReach(policies, source, target, port))
            .map((port) => `${from} -> ${to} on ${port}`),
        ),
    );
    expect(allowed.sort()).toEqual([
      'orders -> redis on 6379',
      'prometheus -> catalog on 9090',
      'prometheus -> orders on 9090',
      'prometheus -> shop on 9090',
      'shop -> catalog on 8080',
      'shop -> orders on 8080',
      'traefik -> shop on 8080',
    ]);
  });

  test('prints what its README shows', () => {
    const text = readFileSync(join(__dirname, '../../examples/three-tier/README.md'), 'utf8');
    const shown = /```text\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    printed.mockClear();
    synthesize(output, shop);
    expect(shown).not.toBe('');
    expect(printed.mock.calls.join('\n')).toContain(shown.trimEnd());
  });
});
