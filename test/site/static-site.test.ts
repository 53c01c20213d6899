import { type Chart, Duration } from 'cdk8s';
import { StaticSite, type StaticSiteProps, VersionedConfigMap } from '../../src';
import { linesOf, type Manifest, only, problemsOf, synth, untyped, warningsOf } from '../support';

const IMAGE = 'ghcr.io/acme/site:1.4.2';

function site(props: Partial<StaticSiteProps> = {}): Manifest[] {
  return synth((chart) => new StaticSite(chart, 'site', { image: IMAGE, ...props }));
}

function container(found: Manifest[]): Manifest {
  return only(found, 'Deployment').spec.template.spec.containers[0];
}

function conf(props: Partial<StaticSiteProps> = {}): string {
  return only(site(props), 'ConfigMap').data['nginx.conf'];
}

function refusals(props: Record<string, unknown>): string[] {
  return problemsOf((chart) => new StaticSite(chart, 'site', untyped(props)));
}

test('is a web service with a configuration of its own', () => {
  expect(site().map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ServiceAccount app-site',
    'NetworkPolicy app-site',
    expect.stringMatching(/^ConfigMap app-site-nginx-[0-9a-f]{10}$/),
    'Deployment app-site',
    'Service app-site',
    'PodDisruptionBudget app-site',
  ]);
});

test('runs nginx unprivileged, on a read-only file system, with its scratch files in /tmp (CH01-60)', () => {
  const main = container(site());
  expect(main).toMatchObject({
    image: IMAGE,
    command: ['nginx'],
    args: ['-c', '/etc/nginx-site/nginx.conf', '-g', 'daemon off;'],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    securityContext: { readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 65532 },
  });
  expect(main.volumeMounts).toEqual([
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'app-site-nginx', mountPath: '/etc/nginx-site', readOnly: true },
  ]);
  const written = [...conf().matchAll(/^ *(?:pid|\w+_temp_path) (\S+);$/gm)].map(([, path]) => path);
  expect(written).toHaveLength(6);
  expect(written.filter((path) => !path.startsWith('/tmp/'))).toEqual([]);
});

test('has a Service with the port that its options say', () => {
  expect(only(site({ service: { port: 80 } }), 'Service').spec.ports).toEqual([
    { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
  ]);
});

test('has time to stop after it has served on for a while', () => {
  expect(container(site()).lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
  expect(refusals({ image: IMAGE, terminationGracePeriod: Duration.seconds(5) })).toEqual([
    '[app/site] drain: workload/drain',
  ]);
  const drained = { drain: Duration.seconds(25), terminationGracePeriod: Duration.seconds(60) };
  expect(container(site(drained)).lifecycle).toEqual({ preStop: { sleep: { seconds: 25 } } });
});

test('is ready when nginx answers, by a path that touches no file', () => {
  expect(container(site()).readinessProbe.httpGet).toEqual({ path: '/healthz', port: 'http', scheme: 'HTTP' });
  expect(conf()).toContain(
    '    location = /healthz {\n      access_log off;\n      default_type text/plain;\n      return 200 "ok";\n    }',
  );
});

test('caches files with a hash in their name for ever, and revalidates the others (row B10)', () => {
  const rules = [...conf().matchAll(/"~(\S+)" "public, max-age=31536000, immutable";/g)].map(
    ([, rule]) => new RegExp(rule),
  );
  const isCached = (uri: string): boolean => rules.some((rule) => rule.test(uri));
  const hashed = [
    '/app.0a1b2c3d.js',
    '/css/site-0123456789abcdef.css',
    // Vite, Rollup 4
    '/assets/index-DrRJxksg.js',
    '/assets/index-D-_r9Jxk.css',
    '/assets/logo-BxkJ3F2a.svg',
    '/assets/index-DrRJxksg.js.map',
    // webpack
    '/static/js/main.8e0d62a0.chunk.js',
    '/static/media/0a1b2c3d4e5f60718293.png',
    '/main.8e0d62a0.js.map',
    // Next.js, SvelteKit, Nuxt, Astro
    '/_next/static/chunks/main-5bd3cbfa1c5dc7f6.js',
    '/docs/_next/static/Xk2u/_buildManifest.js',
    '/_app/immutable/entry/start.B4d7pQ2K.js',
    '/_nuxt/B4d7pQ2K.js',
    '/_astro/hoisted.BxkJ3F2a.js',
    // esbuild, Angular, Parcel
    '/chunk-ABCD1234.js',
    '/main-5QVLQ2ZK.js.map',
    '/index.8e0d62a0.css',
  ];
  const plain = [
    '/index.html',
    '/app.js',
    '/0a1b2c3d/index.html',
    '/decade.html',
    '/page-0a1b2c3d.html',
    '/report-20240101.js',
    '/report.20240101120000.json',
    '/report-2024-01-01.pdf',
    '/a-12-01-24.js',
    '/jquery-migrated.js',
    '/my-calendar.css',
    '/deadbeef-facade12.html',
    '/x-deadbeef.js',
    '/page-MyReport.js',
    '/img/product-iPhone14.png',
    '/IMG-20240101.jpg',
    '/photo-IMG20241.jpg',
    '/docs/top-Top-Menu.js',
    '/_nuxt/builds/latest.json',
    '/assets/calendar.js',
    '/assets/FontAwesome.css',
    '/sw.js',
    '/Overview-ABCDEFGH.js',
  ];
  expect([...hashed, ...plain].filter(isCached)).toEqual(hashed);
  expect(conf()).toContain('default "no-cache";');
});

test('needs little by default', () => {
  expect(container(site()).resources.requests).toEqual({
    'cpu': '50m',
    'memory': '64Mi',
    'ephemeral-storage': '256Mi',
  });
});

test('takes what every workload takes', () => {
  const deployment = only(site({ replicas: 5, labels: { team: 'web' }, user: 101 }), 'Deployment');
  expect(deployment.spec.replicas).toBe(5);
  expect(deployment.metadata.labels.team).toBe('web');
  expect(deployment.spec.template.spec.securityContext.runAsUser).toBe(101);
});

describe('content', () => {
  test('is mounted over the root, with a default image', () => {
    const found = synth(
      (chart) =>
        new StaticSite(chart, 'site', {
          content: new VersionedConfigMap(chart, 'files', { data: { 'index.html': 'hi' } }),
        }),
    );
    expect(container(found).image).toBe('docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine');
    expect(container(found).volumeMounts[2]).toEqual({
      name: 'app-files',
      mountPath: '/usr/share/nginx/html',
      readOnly: true,
    });
  });

  test('goes where the root is', () => {
    const found = synth(
      (chart) =>
        new StaticSite(chart, 'site', {
          image: IMAGE,
          root: '/srv/site',
          content: new VersionedConfigMap(chart, 'files', { data: { 'index.html': 'hi' } }),
        }),
    );
    expect(container(found).volumeMounts[2].mountPath).toBe('/srv/site');
    const [, nginx] = only(found, 'Deployment').spec.template.spec.volumes;
    expect(only(found, 'ConfigMap', nginx.configMap.name).data['nginx.conf']).toContain('    root /srv/site;\n');
  });

  test.each([undefined, '/srv', '/usr/share/shop'])(
    'hides what the image has at %s, which is meant (row B5)',
    (root) => {
      const build = (chart: Chart): void => {
        const content = new VersionedConfigMap(chart, 'files', { data: { 'index.html': 'hi' } });
        new StaticSite(chart, 'site', { content, root });
      };
      expect([problemsOf(build), warningsOf(build)]).toEqual([[], []]);
    },
  );

  test('does not hide what nginx needs (row B5)', () => {
    expect(
      problemsOf((chart) => {
        const content = new VersionedConfigMap(chart, 'files', { data: { 'index.html': 'hi' } });
        new StaticSite(chart, 'site', { content, root: '/etc/nginx' });
      }),
    ).toEqual(['[app/site] mount.path: workload/mount-hides-files']);
  });

  test('or an image is needed (CH01-61)', () => {
    const message = '[app/site] image: props/required';
    expect(refusals({})).toEqual([message]);
  });
});

describe('the configuration', () => {
  test('answers 404 for a missing file, or with the fallback', () => {
    expect(conf()).toContain('      try_files $uri $uri/ =404;\n');
    expect(conf({ fallback: '/index.html' })).toContain('      try_files $uri $uri/ /index.html;\n');
  });

  test('redirects by path alone: the port of the pod and its plain HTTP are none of the client', () => {
    expect(conf()).toMatch(/^http \{\n(?: {2}.*\n)* {2}absolute_redirect off;\n/m);
  });

  test('listens on IPv6 too for a dual-stack Service', () => {
    expect(conf().match(/listen .*;/g)).toEqual(['listen 8080;']);
    expect(conf({ service: { dualStack: true } }).match(/listen .*;/g)).toEqual(['listen 8080;', 'listen [::]:8080;']);
  });

  test('a change of it rolls the pods', () => {
    const volumes = (props: Partial<StaticSiteProps>): unknown =>
      only(site(props), 'Deployment').spec.template.spec.volumes;
    expect(volumes({ fallback: '/index.html' })).not.toEqual(volumes({}));
  });

  test.each([
    ['fallback', '/a; return 200'],
    ['fallback', 'index.html'],
    ['root', '/srv\n/x'],
  ])('takes nothing that means something to nginx: %s %j', (prop, given) => {
    expect(refusals({ image: IMAGE, [prop]: given })).toEqual([`[app/site] ${prop}: props/value`]);
  });
});

test.each(['port', 'command', 'args', 'readiness'])('%s belongs to the block, and is refused', (prop) => {
  expect(refusals({ image: IMAGE, [prop]: 1 })).toEqual([`[app/site] ${prop}: props/unknown`]);
});

test('an unknown prop is refused with the props of a site', () => {
  expect(refusals({ image: IMAGE, contnt: 1 })).toEqual(['[app/site] contnt: props/unknown']);
  const [line] = linesOf((chart) => new StaticSite(chart, 'site', untyped({ image: IMAGE, zzz: 1 })));
  const offered = /expected one of (.*)\. Write one of these$/.exec(line)?.[1].split(', ') ?? [];
  expect(offered).toEqual([...offered].sort());
  expect(offered).toEqual(
    expect.arrayContaining([
      'content',
      'fallback',
      'image',
      'labels',
      'replicas',
      'resources',
      'root',
      'service',
      'user',
    ]),
  );
  expect(
    offered.filter((prop) =>
      refusals({ image: IMAGE, [prop]: null }).some((finding) => finding.endsWith('props/unknown')),
    ),
  ).toEqual([]);
});

test('the props are not written to', () => {
  const props = Object.freeze({ image: IMAGE, labels: Object.freeze({ a: 'b' }), fallback: '/index.html' });
  expect(site(props)).toEqual(site({ ...props }));
});
