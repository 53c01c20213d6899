import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf } from './example-output';
import { reachablePairs, workloadsOf } from './reachable-pairs';
import { boutique, synthesize } from '../../examples/boutique/main';
import type { Manifest } from '../support';

const { files, manifests, yaml } = outputOf((folder) => synthesize(folder, boutique));

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
    expect(yaml()).toMatchSnapshot();
  });

  test('has the addresses of the original, each in its one variable', () => {
    const found = workloadsOf(manifests()).flatMap(({ metadata, spec }) =>
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
    const allowed = reachablePairs(manifests());
    const addressed = ADDRESSES.map((line) => line.replace(/ .*=(.*):\d+$/, ' $1')).filter(
      (pair) => !pair.includes('assistant'),
    );
    expect(allowed).toEqual([...addressed, 'cartservice redis-cart'].sort());
  });
});
