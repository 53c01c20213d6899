import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { findingsOf, Rules, VersionedConfigMap, type VersionedConfigMapProps, WebService } from '../../src';
import { contentHash } from '../../src/config/content';
import { configKey } from '../../src/kernel/schema/syntax';
import { annotationsOf, type Manifest, newChart, only, problemsOf, synth, untyped, warningsOf, WEB } from '../support';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of the temporary folder, by its path below it. */
function file(path: string, content: string | Buffer = path): string {
  const full = join(folder, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, content);
  return full;
}

function make(props: VersionedConfigMapProps): VersionedConfigMap {
  return new VersionedConfigMap(newChart(), 'config', props);
}

function render(props: VersionedConfigMapProps): Manifest {
  return only(
    synth((chart) => new VersionedConfigMap(chart, 'config', props)),
    'ConfigMap',
  );
}

function problemsWith(props: unknown): string[] {
  return problemsOf((chart) => new VersionedConfigMap(chart, 'config', props as VersionedConfigMapProps));
}

const BINARY = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);

test('a request that escapes make too large is refused (CH04-06)', () => {
  const most = 1024 * 1024;
  expect(problemsWith({ data: { a: 'a'.repeat(most) } })).toEqual([]);
  expect(problemsWith({ data: { a: '"'.repeat(most) } })).toEqual([]);
  for (const character of ['<', '\u0001', '\b']) {
    expect(problemsWith({ data: { a: character.repeat(most) } })).toEqual(['[app/config] data: config/too-large']);
  }
});

test('text that is no UTF-8, and paths that cannot be beside each other, are refused', () => {
  expect(problemsWith({ data: { a: '\ud800' } })).toEqual(["[app/config] data['a']: props/value"]);
  file('clash/css/site.css');
  expect(problemsWith({ data: { css: '' }, folder: join(folder, 'clash') })).toEqual([
    '[app/config] folder: config/path-clash',
  ]);
});

describe('the hash of a content', () => {
  // A failure here means that every ConfigMap of every user gets a new name: do not adapt the expected values.
  test('is frozen for text, empty values and binary data (CH01-33)', () => {
    expect(
      contentHash({ data: { 'app.conf': 'level=info\n', 'empty': '' }, binaryData: { 'logo.png': 'iVBOR/8A' } }),
    ).toBe('8bdbca391e');
    expect(contentHash({ data: { greeting: 'Grüße, 世界' }, binaryData: {} })).toBe('4fa7353dbd');
    expect(contentHash({ data: {}, binaryData: {} })).toBe('643d543710');
  });

  test('is in the name of a ConfigMap as it was frozen (CH01-33)', () => {
    expect(
      make({ data: { 'app.conf': 'level=info\n', 'empty': '' }, files: { 'logo.png': file('logo.png', BINARY) } }).name,
    ).toBe('app-config-8bdbca391e');
  });

  test('tells text from binary data, and an entry from two', () => {
    const hashes = [
      contentHash({ data: { a: 'b' }, binaryData: {} }),
      contentHash({ data: {}, binaryData: { a: 'b' } }),
      contentHash({ data: { a: 'b', c: '' }, binaryData: {} }),
      contentHash({ data: { ab: '' }, binaryData: {} }),
      contentHash({ data: { a: 'b,c' }, binaryData: {} }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  const key = fc
    .stringMatching(/^[-._a-zA-Z0-9]{1,20}$/)
    .filter((word) => configKey.read(word, () => undefined) !== undefined && word !== 'constructor');
  test('does not depend on the order of the keys, for any content (CH01-33)', () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ unit: 'grapheme' })), fc.func(fc.integer()), (data, rank) => {
        const allowed = Object.keys(data);
        const shuffled = Object.fromEntries(Object.entries(data).sort(([a], [b]) => rank(a) - rank(b)));
        const reversed = Object.fromEntries(Object.entries(data).reverse());
        const names = [data, shuffled, reversed].map(
          (content) => make({ data: content, allowSecretLookingData: allowed }).name,
        );
        expect(names).toEqual(new Array(3).fill(`app-config-${contentHash({ data, binaryData: {} })}`));
        expect(names[0]).toMatch(/^app-config-[0-9a-f]{10}$/);
        expect(problemsWith({ data: shuffled, allowSecretLookingData: allowed })).toEqual([]);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test('changes with any change of a value', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(make({ data: { key: one } }).name === make({ data: { key: other } }).name).toBe(one === other);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('a ConfigMap that is versioned', () => {
  test('is immutable, and new content is a new object (CH01-32, CH01-33)', () => {
    const [one, other] = ['info', 'debug'].map((level) => render({ data: { level } }));
    expect(one).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', immutable: true, data: { level: 'info' } });
    expect(one.metadata.name).not.toBe(other.metadata.name);
  });

  test('keeps empty values', () => {
    expect(render({ data: { empty: '', full: 'x' } }).data).toEqual({ empty: '', full: 'x' });
  });

  test('has the recommended labels, whose name is without the version, and the given ones', () => {
    expect(
      render({
        name: 'settings',
        data: { a: 'b' },
        labels: { team: 'red' },
        annotations: { 'example.com/note': 'any text' },
      }).metadata,
    ).toEqual({
      name: `settings-${contentHash({ data: { a: 'b' }, binaryData: {} })}`,
      namespace: 'shop',
      labels: {
        'app': 'settings',
        'app.kubernetes.io/name': 'settings',
        'app.kubernetes.io/managed-by': 'cdk8s',
        'app.kubernetes.io/instance': 'settings',
        'team': 'red',
      },
      annotations: { 'example.com/note': 'any text' },
    });
  });

  test('keeps its data when the caller changes the object later', () => {
    const data: Record<string, string> = { key: 'value' };
    const [manifest] = synth((chart) => {
      new VersionedConfigMap(chart, 'config', { data });
      data.key = 'other';
      data.more = 'x';
    });
    expect(manifest.data).toEqual({ key: 'value' });
    expect(manifest.metadata.name).toBe(`app-config-${contentHash({ data: { key: 'value' }, binaryData: {} })}`);
  });

  test('keeps the content of a file as it was at construction', () => {
    const path = file('changing.txt', 'before');
    const [manifest] = synth((chart) => {
      new VersionedConfigMap(chart, 'config', { files: { 'changing.txt': path } });
      file('changing.txt', 'after');
    });
    expect(manifest.data).toEqual({ 'changing.txt': 'before' });
  });

  test('is found by ApiObject.of, and known to cdk8s-plus', () => {
    const config = make({ name: 'settings', data: { b: '1', a: '2' } });
    expect(ApiObject.of(config)).toBe(config.apiObject);
    expect([config.baseName, config.keys, config.reload, config.resourceName]).toEqual([
      'settings',
      ['a', 'b'],
      'version',
      config.name,
    ]);
    expect(config.asVolume()).toBe(config.asVolume());
    expect(kplus.EnvValue.fromConfigMap(config, 'a').valueFrom).toEqual({
      configMapKeyRef: { name: config.name, key: 'a' },
    });
  });

  test('may have any valid key, also those that every object inherits', () => {
    expect(render({ data: { toString: 'a', valueOf: 'b', hasOwnProperty: 'c' } }).data).toEqual({
      toString: 'a',
      valueOf: 'b',
      hasOwnProperty: 'c',
    });
  });
});

describe('entries of files', () => {
  test('are text where they are UTF-8, otherwise binary in base64', () => {
    const manifest = render({
      files: {
        'text.txt': file('text.txt', 'Grüße\r\n'),
        'bom.txt': file('bom.txt', '\ufeffx'),
        'empty': file('empty', ''),
        'latin1.txt': file('latin1.txt', Buffer.from([0xfc])),
        'nul.bin': file('nul.bin', Buffer.from([65, 0, 66])),
        'logo.png': file('logo.png', BINARY),
      },
    });
    expect(manifest.data).toEqual({ 'text.txt': 'Grüße\r\n', 'empty': '' });
    expect(manifest.binaryData).toEqual({
      'bom.txt': '77u/eA==',
      'latin1.txt': '/A==',
      'nul.bin': 'QQBC',
      'logo.png': 'iVBOR/8A',
    });
  });

  test('without text write no data', () => {
    expect(Object.keys(render({ files: { 'logo.png': file('logo.png', BINARY) } }))).toEqual([
      'apiVersion',
      'kind',
      'metadata',
      'binaryData',
      'immutable',
    ]);
  });

  const site = (): string => {
    for (const path of ['site/index.html', 'site/css/site.css', 'site/img/big/logo.svg', 'site/.hidden']) file(path);
    return join(folder, 'site');
  };

  test('of a folder and its subfolders have their paths as keys', () => {
    expect(Object.keys(render({ folder: site() }).data)).toEqual([
      '.hidden',
      'css__site.css',
      'img__big__logo.svg',
      'index.html',
    ]);
  });

  test('of a folder have their paths again where they are mounted', () => {
    const items = [
      { key: '.hidden', path: '.hidden' },
      { key: 'css__site.css', path: 'css/site.css' },
      { key: 'img__big__logo.svg', path: 'img/big/logo.svg' },
      { key: 'index.html', path: 'index.html' },
    ];
    const manifests = synth((chart) => {
      const config = new VersionedConfigMap(chart, 'config', { name: 'site', folder: site() });
      new WebService(chart, 'web', WEB).mount('/usr/share/site', config);
      new kplus.Pod(chart, 'pod', {
        containers: [{ image: 'ghcr.io/acme/x:1.0.0', volumeMounts: [{ path: '/site', volume: config.asVolume() }] }],
      });
    });
    expect(only(manifests, 'Deployment').spec.template.spec.volumes[1].configMap.items).toEqual(items);
    expect(only(manifests, 'Pod').spec.volumes[0].configMap.items).toEqual(items);
  });

  test('of a flat folder are mounted without items', () => {
    file('flat/a.conf');
    const manifests = synth((chart) =>
      new WebService(chart, 'web', WEB).mount(
        '/etc/app',
        new VersionedConfigMap(chart, 'config', { folder: join(folder, 'flat') }),
      ),
    );
    expect(only(manifests, 'Deployment').spec.template.spec.volumes[1].configMap).toEqual({
      name: only(manifests, 'ConfigMap').metadata.name,
    });
  });

  test('of a folder with names that no key can have are refused (DX-44)', () => {
    file('bad names/a b.txt');
    file('bad names/constructor');
    expect(problemsWith({ folder: join(folder, 'bad names') })).toEqual([
      '[app/config] folder: props/value',
      '[app/config] folder: props/value',
    ]);
  });

  test('of one key are refused', () => {
    file('twice/a/b');
    file('twice/a__b');
    expect(
      problemsWith({
        folder: join(folder, 'twice'),
        data: { 'index.html': '' },
        files: { 'index.html': file('index.html') },
      }),
    ).toEqual(['[app/config] files: config/duplicate-key', '[app/config] folder: config/duplicate-key']);
  });

  test('that are missing are refused, with what the system says', () => {
    expect(problemsWith({ files: { a: '/no/such/file' }, folder: '/no/such/folder' })).toEqual([
      '[app/config] files: config/unreadable-file',
      '[app/config] folder: config/unreadable-file',
    ]);
    expect(problemsWith({ files: { a: tmpdir() } })).toEqual(['[app/config] files: config/unreadable-file']);
  });
});

describe('limits', () => {
  const MEBIBYTE = 1024 * 1024;

  test('1 MiB in all values is accepted, a byte more is refused (CH04-06)', () => {
    const half = 'ü'.repeat(MEBIBYTE / 4);
    const binary = file('half.bin', Buffer.alloc(MEBIBYTE / 2 - 1));
    const props = (rest: string): VersionedConfigMapProps => ({ data: { half, rest }, files: { binary } });
    expect(problemsWith(props('x'))).toEqual([]);
    expect(problemsWith(props('xy'))).toEqual(['[app/config] data: config/too-large']);
  });

  test('names have room for the version (DX-12)', () => {
    expect(make({ name: 'a'.repeat(52), data: { a: 'b' } }).name).toHaveLength(63);
    expect(problemsWith({ name: 'a'.repeat(52), data: { a: 'b' } })).toEqual([]);
    expect(problemsWith({ name: 'a'.repeat(53), data: { a: 'b' } })).toEqual(['[app/config] name: app/object-name']);
  });

  test('a construct path that makes no name is an error (DX-12)', () => {
    expect(problemsOf((chart) => new VersionedConfigMap(chart, 'My_Config', { data: { a: 'b' } }))).toEqual([
      '[app/My_Config] name: app/object-name',
    ]);
  });
  test.each([['a b'], ['a/b'], ['..'], [''], ['constructor'], ['__proto__']])(
    'the key %p is refused (DX-44)',
    (key) => {
      expect(problemsWith({ data: Object.fromEntries([[key, 'x']]) })).toEqual([
        `[app/config] data['${key}']: props/value`,
      ]);
    },
  );

  test.each([[5], [true], [null], [{ a: 1 }]])('the value %p is refused: it is no text (DX-44)', (value) => {
    expect(problemsWith({ data: { key: value } })).toEqual(["[app/config] data['key']: props/value"]);
  });

  test('content is given at construction (CH01-33)', () => {
    const message = '[app/config] data: config/no-content';
    expect(problemsWith({})).toEqual([message]);
    expect(problemsWith(undefined)).toEqual([message]);
    expect(problemsWith({ data: {} })).toEqual([]);
  });

  test('labels, annotations and other props are checked (DX-13)', () => {
    expect(
      problemsWith({
        data: { a: 'b' },
        labels: { 'team': 'a b', 'x y': 'z' },
        annotations: { note: 5 },
        reload: 'hash',
        immutable: true,
      }),
    ).toEqual([
      '[app/config] reload: props/value',
      "[app/config] labels['team']: props/value",
      "[app/config] labels['x y']: props/value",
      "[app/config] annotations['note']: props/value",
      '[app/config] immutable: props/unknown',
    ]);
  });
});

describe('content that looks like a credential', () => {
  const SECRET = 'hunter2hunter2';
  const message = (key: string): string => `[app/config] data['${key}']: secret/in-config-map`;

  const warning = (key: string): string => `[app/config] data['${key}']: secret/by-name`;
  const warningsWith = (props: VersionedConfigMapProps): string[] =>
    warningsOf((chart) => new VersionedConfigMap(chart, 'config', props));

  test.each<[string, VersionedConfigMapProps, string]>([
    ['by its key', { data: { DB_PASSWORD: SECRET } }, 'DB_PASSWORD'],
    ['by a line of it', { data: { 'app.ini': `user = me\npassword = ${SECRET}\n` } }, 'app.ini'],
  ])('is warned of %s, and can be waived (C1)', (_title, props, key) => {
    expect(problemsWith(props)).toEqual([]);
    expect(warningsWith(props)).toEqual([warning(key)]);
    const chart = newChart();
    const config = new VersionedConfigMap(chart, 'config', props);
    Rules.of(chart).waive('secret/by-name', config, { reason: 'It is an example', until: '2999-12-31' });
    expect(findingsOf(chart).map(({ rule, waiver }) => [rule, waiver?.reason])).toEqual([
      ['secret/by-name', 'It is an example'],
    ]);
  });

  test.each<[string, VersionedConfigMapProps, string]>([
    ['by the place of a password', { data: { url: `redis://me:${SECRET}@redis` } }, 'url'],
    ['by a line of it', { data: { 'redis.conf': `requirepass ${SECRET}\n` } }, 'redis.conf'],
    ['by its format', { data: { text: `dop_v1_${'0123456789abcdef'.repeat(4)}` } }, 'text'],
  ])('is refused %s, and the value is never told (CH01-37, CH01-39)', (_title, props, key) => {
    const messages = problemsWith(props);
    expect(messages).toEqual([message(key)]);
    expect(messages.join()).not.toContain(SECRET);
  });

  test('is refused in a file (CH01-39)', () => {
    expect(problemsWith({ files: { 'tls.key': file('tls.key', '-----BEGIN PRIVATE KEY-----\nabc') } })).toEqual([
      message('tls.key'),
    ]);
  });

  test('is allowed by its key, and no other entry with it (CH01-39)', () => {
    const data = { DB_PASSWORD: SECRET, DB_URL: `redis://me:${SECRET}@redis` };
    expect(problemsWith({ data, allowSecretLookingData: ['DB_PASSWORD'] })).toEqual([message('DB_URL')]);
    expect([
      problemsWith({ data, allowSecretLookingData: ['DB_URL'] }),
      warningsWith({ data, allowSecretLookingData: ['DB_URL'] }),
    ]).toEqual([[], [warning('DB_PASSWORD')]]);
  });

  test('such as a pointer or an empty value is none (CH01-39)', () => {
    const data = { DB_PASSWORD_FILE: '/var/run/secrets/db', API_KEY: '' };
    expect([problemsWith({ data }), warningsWith({ data })]).toEqual([[], []]);
  });
});

describe('reload', () => {
  const mounted = (reload: 'version' | 'watch' | 'checksum', level: string): { config: Manifest; pod: Manifest } => {
    const manifests = synth((chart) => {
      const config = new VersionedConfigMap(chart, 'config', { name: 'settings', reload, data: { level } });
      new WebService(chart, 'web', WEB).mount('/etc/app', config);
    });
    return { config: only(manifests, 'ConfigMap'), pod: only(manifests, 'Deployment').spec.template };
  };

  test('by version gives the pods another name to mount, so that they roll and roll back (CH01-32)', () => {
    const [one, other] = ['info', 'debug'].map((level) => mounted('version', level));
    expect(one.pod.spec.volumes[1]).toEqual({ name: 'settings', configMap: { name: one.config.metadata.name } });
    expect(one.pod.spec.volumes[1]).not.toEqual(other.pod.spec.volumes[1]);
    expect(annotationsOf(one.pod)).toEqual({});
  });

  test('by watching keeps the name and the pods (CH04-10)', () => {
    const [one, other] = ['info', 'debug'].map((level) => mounted('watch', level));
    expect(one.config.metadata.name).toBe('settings');
    expect(one.config).not.toHaveProperty('immutable');
    expect(one.pod).toEqual(other.pod);
    expect(one.config.data).not.toEqual(other.config.data);
  });

  test('by checksum keeps the name and rolls the pods by an annotation (CH04-25)', () => {
    const [one, other] = ['info', 'debug'].map((level) => mounted('checksum', level));
    expect(one.config.metadata.name).toBe('settings');
    expect(one.config).not.toHaveProperty('immutable');
    expect(annotationsOf(one.pod)).toEqual({
      'checksum/settings': contentHash({ data: { level: 'info' }, binaryData: {} }),
    });
    expect(other.pod.metadata.annotations).not.toEqual(one.pod.metadata.annotations);
    expect(one.pod.spec).toEqual(other.pod.spec);
  });

  test('by version leaves old objects to those who apply: two versions can stand side by side (CH01-34)', () => {
    const manifests = synth((chart) =>
      ['info', 'debug'].forEach((level) => new VersionedConfigMap(chart, level, { name: 'settings', data: { level } })),
    );
    expect(manifests.map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{10}$/, ''))).toEqual([
      'settings',
      'settings',
    ]);
    expect(new Set(manifests.map(({ metadata }) => metadata.name)).size).toBe(2);
  });
});

describe('a JSON patch', () => {
  const patched = (props: Partial<VersionedConfigMapProps>, ...patches: JsonPatch[]): string[] =>
    problemsOf((chart) => {
      new VersionedConfigMap(chart, 'config', { data: { level: 'info' }, ...props }).apiObject.addJsonPatch(...patches);
    });
  const message = (): string => '[app/config] data: config/changed-content';

  test('of the content behind the hash is found (CH01-33)', () => {
    expect(patched({}, JsonPatch.replace('/data/level', 'debug'))).toEqual([message()]);
    expect(patched({}, JsonPatch.remove('/data'))).toEqual([message()]);
  });

  test('of the name is found (CH01-33)', () => {
    expect(patched({}, JsonPatch.replace('/metadata/name', 'mine'))).toEqual([message()]);
  });

  test('of anything else is taken, and so is one of content without a hash', () => {
    expect(patched({}, JsonPatch.add('/metadata/annotations', { note: 'x' }))).toEqual([]);
    expect(patched({ reload: 'watch' }, JsonPatch.replace('/data/level', 'debug'))).toEqual([]);
    expect(patched({ reload: 'checksum' }, JsonPatch.replace('/data/level', 'debug'))).toEqual([]);
  });
});

describe('a reference to an entry', () => {
  test('becomes an environment variable', () => {
    const manifests = synth((chart) => {
      const config = new VersionedConfigMap(chart, 'config', { data: { level: 'info' } });
      new WebService(chart, 'web', { ...WEB, env: { LEVEL: config.envValue('level') } });
    });
    expect(only(manifests, 'Deployment').spec.template.spec.containers[0].env).toEqual([
      {
        name: 'LEVEL',
        valueFrom: { configMapKeyRef: { name: only(manifests, 'ConfigMap').metadata.name, key: 'level' } },
      },
    ]);
  });

  test('that is not there is refused (CH04-20)', () => {
    expect(
      problemsOf((chart) => void new VersionedConfigMap(chart, 'config', { data: { b: '', a: '' } }).envValue('c')),
    ).toEqual(['[app/config] envValue: reference/missing-key']);
  });
});

test('props of a JavaScript caller are read as they are', () => {
  expect(problemsWith(untyped({ data: ['a'], files: 'x', folder: 5, allowSecretLookingData: 'a' }))).toHaveLength(4);
});
