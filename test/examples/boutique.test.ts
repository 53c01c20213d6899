import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'yaml';
import { boutique, synthesize } from '../../examples/boutique/main';
import { mayReach, type Place } from '../network/tiers/reachability';
import type { Manifest } from '../support';

const output = mkdtempSync(join(tmpdir(), 'boutique-'));
const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);

beforeAll(() => synthesize(output, boutique));
afterAll(() => {
  printed.mockRestore();
  rmSync(output, { recursive: true });
});

const files = (): Array<[string, string]> =>
  readdirSync(output)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => [file, readFileSync(join(output, file), 'utf8')]);
const manifests = (): Manifest[] =>
  files().flatMap(([, text]) => yaml.parseAllDocuments(text).map((document) => document.toJS() as Manifest));
const workloads = (): Manifest[] =>
  manifests().filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind as string));

/** The addresses of the original, by service and variable. */
const ADDRESSES = [
  'checkoutservice CART_SERVICE_ADDR=cartservice:7070',
  'checkoutservice CURRENCY_SERVICE_ADDR=currencyservice:7000',
  'checkoutservice EMAIL_SERVICE_ADDR=emailservice:5000',
  'checkoutservice PAYMENT_SERVICE_ADDR=paymentservice:50051',
  'checkoutservice PRODUCT_CATALOG_SERVICE_ADDR=productcatalogservice:3550',
  'checkoutservice SHIPPING_SERVICE_ADDR=shippingservice:50051',
  'frontend AD_SERVICE_ADDR=adservice:9555',
  'frontend CART_SERVICE_ADDR=cartservice:7070',
  'frontend CHECKOUT_SERVICE_ADDR=checkoutservice:5050',
  'frontend CURRENCY_SERVICE_ADDR=currencyservice:7000',
  'frontend PRODUCT_CATALOG_SERVICE_ADDR=productcatalogservice:3550',
  'frontend RECOMMENDATION_SERVICE_ADDR=recommendationservice:8080',
  'frontend SHIPPING_SERVICE_ADDR=shippingservice:50051',
  'frontend SHOPPING_ASSISTANT_SERVICE_ADDR=shoppingassistantservice:80',
  'loadgenerator FRONTEND_ADDR=frontend:80',
  'recommendationservice PRODUCT_CATALOG_SERVICE_ADDR=productcatalogservice:3550',
];

describe('the boutique example', () => {
  test('writes the YAML as it was reviewed', () => {
    expect(
      files()
        .map(([file, content]) => `# ${file}\n${content}`)
        .join('\n'),
    ).toMatchSnapshot();
  });

  test('has the addresses of the original, each in its one variable', () => {
    const found = workloads().flatMap(({ metadata, spec }) =>
      ((spec.template.spec.containers[0].env ?? []) as Manifest[])
        .filter(({ name }) => /_SERVICE_ADDR$|^FRONTEND_ADDR$/.test(name as string))
        .map(({ name, value }) => `${metadata.name} ${name}=${value}`),
    );
    expect(found.sort()).toEqual(ADDRESSES);
  });

  test('is as long as its README says', () => {
    const folder = join(__dirname, '../../examples/boutique');
    const linesOf = (text: string): number => text.trimEnd().split('\n').length;
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const code = linesOf(readFileSync(join(folder, 'chart.ts'), 'utf8'));
    const applied = files().reduce((sum, [, text]) => sum + linesOf(text), 0);
    expect(readme).toContain(`| Lines to maintain | 980 of YAML | ${code} of TypeScript |`);
    expect(readme).toContain(`| Lines that are applied | 980 | ${applied} |`);
    expect(readme).toContain(`| Objects | 35 | ${manifests().length} |`);
  });

  test('lets pods reach those whose address they have, and no others', () => {
    const places = workloads().map(({ metadata, spec }, index): [string, Place, number] => [
      metadata.name,
      { address: `10.1.0.${index + 1}`, pod: { namespace: 'boutique', labels: spec.template.metadata.labels } },
      spec.template.spec.containers[0].ports?.[0]?.containerPort ?? 8080,
    ]);
    const policies = manifests().filter(({ kind }) => kind === 'NetworkPolicy');
    const allowed = places.flatMap(([from, source]) =>
      places
        .filter(([to, target, port]) => to !== from && mayReach(policies, source, target, port))
        .map(([to]) => `${from} ${to}`),
    );
    const addressed = ADDRESSES.map((line) => line.replace(/ .*=(.*):\d+$/, ' $1')).filter(
      (pair) => !pair.includes('assistant'),
    );
    expect(allowed.sort()).toEqual([...addressed, 'cartservice redis-cart'].sort());
  });
});
