import { ApiObject, Size } from 'cdk8s';
import { Cpu as KplusCpu } from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { Cpu, Findings, Job, Probe, Redis, SecretRef, StaticSite, WebService, Worker } from '../../src';
import { describe as describeValue } from '../../src/kernel/findings/describe';
import { fixedImage, isFrom, isVersionTag, movingWord, parseImage } from '../../src/kubernetes/image';
import { type IntOrPercent, intOrPercent, scaled } from '../../src/kubernetes/int-or-percent';
import { bytesQuantity, cpuMillis, cpuQuantity } from '../../src/kubernetes/quantity';
import { newChart, problemsOf, WEB } from '../support';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

describe('the reference of an image', () => {
  test.each([
    ['nginx:1.27.1', { repository: 'nginx', tag: '1.27.1' }],
    [`nginx@${DIGEST}`, { repository: 'nginx', digest: DIGEST }],
    [`ghcr.io/acme/web:1.4.2@${DIGEST}`, { repository: 'ghcr.io/acme/web', tag: '1.4.2', digest: DIGEST }],
    ['localhost:5000/acme/web:v2', { repository: 'localhost:5000/acme/web', tag: 'v2' }],
    ['registry.example.com:443/a-b/c__d/e.f', { repository: 'registry.example.com:443/a-b/c__d/e.f' }],
  ])('%s has its parts', (image, parts) => {
    expect(parseImage(image)).toEqual({ tag: undefined, digest: undefined, ...parts });
  });

  test.each([
    '',
    ' nginx:1',
    'nginx:',
    'nginx:1 ',
    'Nginx:1',
    'nginx:-1',
    'nginx@sha256:abc',
    `nginx@${DIGEST}:1`,
    'a//b:1',
    '/a:1',
    'https://ghcr.io/a:1',
    `nginx:${'1'.repeat(129)}`,
  ])('%p is none', (image) => {
    expect(parseImage(image)).toBeUndefined();
  });

  test.each<unknown>(['nginx', 'nginx:latest', 'localhost:5000/web', 'ghcr.io/acme/web:latest', '', null, 7, {}])(
    'refuses %p, which is not fixed (CH01-09)',
    (image) => {
      expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, image: image as string }))).toEqual([
        '[app/web] image: workload/image-tag',
      ]);
    },
  );

  test.each(['nginx:1.27', `nginx@${DIGEST}`, `nginx:latest@${DIGEST}`, 'localhost:5000/web:1'])(
    'accepts %s, which is fixed (CH01-09)',
    (image) => {
      expect(fixedImage.read(image, () => undefined)).toBe(image);
    },
  );

  test.each([
    '1.4.2',
    'v1.4.2',
    '1.4',
    '1.27.1-alpine',
    'v1.0.1-bfeda01f',
    '1.0.0+build.5',
    'bfeda01',
    'main-bfeda01f',
    'sha-0123456789abcdef0123456789abcdef01234567',
    '7.2.11-bookworm',
  ])('%s tells what is inside', (tag) => {
    expect(isVersionTag(tag)).toBe(true);
  });

  test.each(['v1-abcde', '2345', 'jenkins-2345', 'bfeda01f-2345', '20260101.3', 'nightly-20260101'])(
    '%s is the tag of one build (row B19)',
    (tag) => {
      expect(isVersionTag(tag)).toBe(true);
    },
  );

  test.each(['18', 'v1', 'v1-alpine', 'node-22', 'debian-12', '1.x', 'alpine', 'bfeda0', 'blue'])(
    '%s does not tell what is inside (row B19)',
    (tag) => {
      expect([isVersionTag(tag), movingWord(tag)]).toEqual([false, undefined]);
    },
  );

  test.each(['stable', 'main', 'edge', 'nightly', 'dev', 'release', 'Latest', 'latest-alpine', 'lts-slim', '3-rc.x'])(
    'refuses the moving tag %s, but beside a digest (row B7)',
    (tag) => {
      const image = `ghcr.io/acme/web:${tag}`;
      expect(fixedImage.read(image, () => undefined)).toBeUndefined();
      expect(fixedImage.read(`${image}@${DIGEST}`, () => undefined)).toBe(`${image}@${DIGEST}`);
    },
  );

  test('refuses a moving tag in every image of a block (row B7)', () => {
    const image = 'ghcr.io/acme/web:latest-alpine';
    expect(
      problemsOf((chart) => {
        const extra = { sidecars: [{ name: 'a', image }], initContainers: [{ name: 'b', image }] };
        new WebService(chart, 'web', { ...WEB, image, ...extra });
        new Worker(chart, 'worker', { image, liveness: Probe.none() });
        new Job(chart, 'job', { image });
        new StaticSite(chart, 'site', { image });
        new Redis(chart, 'redis', {
          image,
          password: { secret: SecretRef.named('redis'), key: 'passwd' },
          storage: Size.gibibytes(10),
        });
      }),
    ).toEqual([
      '[app/web] image: workload/image-tag',
      '[app/web] sidecars[0].image: workload/image-tag',
      '[app/web] initContainers[0].image: workload/image-tag',
      '[app/worker] image: workload/image-tag',
      '[app/job] image: workload/image-tag',
      '[app/site] image: workload/image-tag',
      '[app/redis] image: workload/image-tag',
    ]);
  });

  test('is looked at in pods of others (row B7)', () => {
    const chart = newChart();
    const containers = ['web', 'web:stable', 'web:Latest', 'web:1.4.2', `web@${DIGEST}`, 'no image'];
    const spec = {
      initContainers: [{ name: 'init', image: 'init:main' }],
      containers: containers.map((image, index) => ({ name: `a${index}`, image })),
    };
    const template = { metadata: { labels: { app: 'web' } }, spec };
    new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: 'Pod', spec });
    new ApiObject(chart, 'deployment', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template } });
    new ApiObject(chart, 'crontab', { apiVersion: 'acme.com/v1', kind: 'Deployment', spec: { template } });
    new WebService(chart, 'web', WEB);
    const images = ['init:main', 'web', 'web:stable', 'web:Latest'].map((image) => `'${image}'`);
    expect(
      Findings.of(chart.node.root)
        .filter(({ rule }) => rule === 'workload/moving-tag')
        .map(({ constructPath, got }) => `${constructPath} ${got}`),
    ).toEqual(['pod', 'deployment'].flatMap((id) => images.map((image) => `app/${id} ${image}`)));
  });

  test.each(['stable', 'main', '1', 'v1', 'production', '1.x', 'alpine', 'bfeda0'])(
    '%s does not tell what is inside',
    (tag) => {
      expect(isVersionTag(tag)).toBe(false);
    },
  );

  test('comes from a registry by its whole prefix', () => {
    expect(isFrom('ghcr.io/acme/web:1.0', ['docker.io/', 'ghcr.io/acme/'])).toBe(true);
    expect(isFrom('ghcr.io/acme-evil/web:1.0', ['ghcr.io/acme/'])).toBe(false);
    expect(isFrom('ghcr.io/acme/web:1.0', [])).toBe(false);
  });

  test('is refused from other registries than the allowed ones, in every container (CH01-06)', () => {
    expect(
      problemsOf(
        (chart) =>
          new WebService(chart, 'web', {
            ...WEB,
            registries: ['ghcr.io/acme/', 'localhost:5000/'],
            sidecars: [{ name: 'proxy', image: 'ghcr.io/acme-evil/proxy:1.0.0' }],
            initContainers: [{ name: 'init', image: 'localhost:5000/init:1.0.0' }],
          }),
      ),
    ).toEqual(['[app/web] sidecars[0].image: workload/image-registry']);
  });

  test.each(['ghcr.io/acme', 'ghcr.io', '/', 'https://ghcr.io/', ''])(
    'the prefix %p of a registry is refused (CH01-06)',
    (prefix) => {
      expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, registries: [prefix] }))).toEqual([
        '[app/web] registries[0]: props/value',
      ]);
    },
  );
});

describe('quantities', () => {
  test.each([
    [0, '0'],
    [1, '1'],
    [1023, '1023'],
    [1024, '1Ki'],
    [1536 * 1024, '1536Ki'],
    [1024 ** 2, '1Mi'],
    [1024 ** 3, '1Gi'],
    [1.5 * 1024 ** 3, '1536Mi'],
    [1024 ** 5, '1Pi'],
    [4 * 1024 ** 5, '4Pi'],
  ])('%d bytes are %s', (amount, quantity) => {
    expect(bytesQuantity(amount)).toBe(quantity);
  });

  test('bytes survive being written and read', () => {
    const power: Record<string, number> = { '': 0, 'Ki': 1, 'Mi': 2, 'Gi': 3, 'Ti': 4, 'Pi': 5 };
    const parse = (quantity: string): number => {
      const [, digits, unit] = /^(\d+)(\D*)$/.exec(quantity)!;
      return Number(digits) * 1024 ** power[unit];
    };
    const scaledBytes = fc
      .tuple(fc.integer({ min: 0, max: 8000 }), fc.integer({ min: 0, max: 4 }))
      .map(([count, unit]) => count * 1024 ** unit);
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat(), scaledBytes), (amount) => {
        expect(parse(bytesQuantity(amount))).toBe(amount);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('milli-cores survive being written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (millis) => {
        expect(cpuMillis.read({ amount: cpuQuantity(millis) }, () => undefined)).toBe(millis);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test.each([
    [500, '500m'],
    [1000, '1'],
    [1500, '1500m'],
    [2000, '2'],
  ])('%d milli-cores are %s', (millis, quantity) => {
    expect(cpuQuantity(millis)).toBe(quantity);
  });

  test.each([
    [Cpu.millis(1), 1],
    [Cpu.millis(250), 250],
    [Cpu.units(2), 2000],
    [Cpu.units(0.1), 100],
    [Cpu.units(0.57), 570],
    [KplusCpu.millis(250), 250],
    [KplusCpu.units(1.5), 1500],
  ])('%p counts in milli-cores', (cpu, millis) => {
    expect(cpuMillis.read(cpu, () => undefined)).toBe(millis);
  });

  test.each([
    [Cpu.millis(0), '0m'],
    [Cpu.millis(1.5), '1.5m'],
    [Cpu.millis(-1), '-1m'],
    [Cpu.millis(NaN), 'NaNm'],
    [Cpu.units(0.0001), '0.0001'],
    [Cpu.units(Infinity), 'Infinity'],
    [{ amount: '1 core' }, '1 core'],
    [{ amount: 5 }, { amount: 5 }],
    ['500m', '500m'],
    [500, 500],
    [null, null],
  ])('%p is no CPU', (cpu, shown) => {
    const refused: unknown[] = [];
    expect(cpuMillis.read(cpu, (given, expected) => refused.push(given, expected))).toBeUndefined();
    expect(refused).toEqual([shown, 'a Cpu of at least 1 milli-core, e.g. Cpu.millis(500)']);
  });
});

describe('a count or a share', () => {
  test.each([0, 1, 10_000, '0%', '9%', '25%', '100%'])('%p is one', (value) => {
    expect(intOrPercent.read(value, () => undefined)).toBe(value);
  });

  test.each([-1, 1.5, NaN, 10_001, '101%', '-1%', '1.5%', '05%', '25', '%', '', null, true])('%p is none', (value) => {
    expect(intOrPercent.read(value, () => undefined)).toBeUndefined();
  });

  test.each<[IntOrPercent, number, number, number]>([
    [3, 10, 3, 3],
    ['25%', 4, 1, 1],
    ['25%', 5, 2, 1],
    ['1%', 3, 1, 0],
    ['100%', 7, 7, 7],
    ['0%', 7, 0, 0],
    ['50%', 0, 0, 0],
    ['7%', 100, 7, 7],
    ['29%', 100, 29, 29],
  ])('%p of %d pods is %d rounded up and %d rounded down', (value, total, up, down) => {
    expect([scaled(value, total, 'up'), scaled(value, total, 'down')]).toEqual([up, down]);
  });
});

test('a message shows characters that a terminal obeys or hides by their numbers', () => {
  expect(describeValue('a\u0000b\u001b[31m\u0007')).toBe("'a\\u0000b\\u001b[31m\\u0007'");
  expect(describeValue('a\u202eb\u200bc')).toBe("'a\\u202eb\\u200bc'");
  expect(describeValue('a\nb\tc')).toBe("'a b c'");
});
