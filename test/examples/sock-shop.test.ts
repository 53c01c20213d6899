import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf } from './example-output';
import { reachablePairs, workloadsOf } from './reachable-pairs';
import { sockShop, synthesize } from '../../examples/sock-shop/main';

const { files, manifests, yaml } = outputOf((folder) => synthesize(folder, sockShop));

/** The Services of the original that a client uses, with their port. */
const SERVICES = {
  'carts': 80,
  'carts-db': 27017,
  'catalogue': 80,
  'catalogue-db': 3306,
  'front-end': 80,
  'orders': 80,
  'orders-db': 27017,
  'payment': 80,
  'rabbitmq': 5672,
  'session-db': 6379,
  'shipping': 80,
  'user': 80,
  'user-db': 27017,
};

describe('the sock-shop example', () => {
  test('writes the YAML as it was reviewed', () => {
    expect(yaml()).toMatchSnapshot();
  });

  test('has the workloads, Services and ports of the original, since its code has their names', () => {
    expect(
      workloadsOf(manifests())
        .map(({ metadata }) => metadata.name as string)
        .sort(),
    ).toEqual([...Object.keys(SERVICES), 'queue-master'].sort());
    const services = manifests().filter(
      ({ kind, metadata }) => kind === 'Service' && !metadata.name.endsWith('-members'),
    );
    expect(Object.fromEntries(services.map(({ metadata, spec }) => [metadata.name, spec.ports[0].port]))).toEqual(
      SERVICES,
    );
  });

  test('keeps the data of each store in a claim of its own', () => {
    const claims = workloadsOf(manifests())
      .filter(({ kind }) => kind === 'StatefulSet')
      .map(({ metadata, spec }) => [metadata.name, spec.volumeClaimTemplates.length]);
    expect(Object.fromEntries(claims)).toEqual({
      'carts-db': 1,
      'catalogue-db': 1,
      'orders-db': 1,
      'rabbitmq': 1,
      'user-db': 1,
    });
  });

  test('lets pods reach those that they use, and no others', () => {
    expect(reachablePairs(manifests())).toEqual([
      'carts carts-db',
      'catalogue catalogue-db',
      'front-end carts',
      'front-end catalogue',
      'front-end orders',
      'front-end session-db',
      'front-end user',
      'orders carts',
      'orders orders-db',
      'orders payment',
      'orders shipping',
      'orders user',
      'queue-master rabbitmq',
      'shipping rabbitmq',
      'user user-db',
    ]);
  });

  test('is as long as its README says', () => {
    const folder = join(__dirname, '../../examples/sock-shop');
    const linesOf = (text: string): number => text.trimEnd().split('\n').length;
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const code = linesOf(readFileSync(join(folder, 'chart.ts'), 'utf8'));
    const applied = files().reduce((sum, [, text]) => sum + linesOf(text), 0);
    expect(readme).toContain(`| Lines to maintain | 890 of YAML | ${code} of TypeScript |`);
    expect(readme).toContain(`| Lines that are applied | 890 | ${applied} |`);
    expect(readme).toContain(`| Objects | 29 | ${manifests().length} |`);
  });
});
