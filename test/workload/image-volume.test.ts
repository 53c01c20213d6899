import type { Chart } from 'cdk8s';
import { ClusterProfile, Job, StaticSite, type StaticSiteProps, Volume, WebService } from '../../src';
import { type Manifest, only, problemsOf, synth, untyped, warningsOf, WEB } from '../support';

const MODEL = 'ghcr.io/acme/model:1.4.2';
const SITE = 'ghcr.io/acme/site:2.0.0';

const newest =
  (build: (chart: Chart) => void) =>
  (chart: Chart): void => {
    new ClusterProfile({ version: '1.36' }).assignTo(chart);
    build(chart);
  };

function podOf(build: (chart: Chart) => void): Manifest {
  return only(synth(newest(build)), 'Deployment').spec.template.spec as Manifest;
}

describe('the files of an image', () => {
  test('are a read-only volume with the pull policy of the workload, mounted as often as wanted', () => {
    const { volumes, containers } = podOf((chart) => {
      const web = new WebService(chart, 'web', { ...WEB, pullPolicy: 'Always' });
      const model = Volume.image(MODEL);
      web.mount('/models', model);
      web.mount('/weights', model, { subPath: 'weights/small', readOnly: true });
      web.mount('/other', Volume.image(SITE, { pullPolicy: 'Never' }));
    });
    expect((volumes as Manifest[]).slice(1)).toEqual([
      { name: 'models', image: { reference: MODEL, pullPolicy: 'Always' } },
      { name: 'other', image: { reference: SITE, pullPolicy: 'Never' } },
    ]);
    expect((containers[0].volumeMounts as Manifest[]).slice(1)).toEqual([
      { name: 'models', mountPath: '/models', readOnly: true },
      { name: 'models', mountPath: '/weights', subPath: 'weights/small', readOnly: true },
      { name: 'other', mountPath: '/other', readOnly: true },
    ]);
  });

  test('need a cluster that has them, with what to do on another', () => {
    const build = (chart: Chart): void =>
      new Job(chart, 'job', { image: WEB.image }).mount('/models', Volume.image(MODEL));
    expect(problemsOf(build)).toEqual(['[app/job] mount.storage: cluster/version']);
    expect(problemsOf(newest(build))).toEqual([]);
  });

  test.each<[string, unknown, Record<string, unknown> | undefined, string]>([
    ['without a tag', Volume.image('ghcr.io/acme/model'), undefined, 'mount.storage.reference: workload/image-tag'],
    [
      'with a tag that moves',
      Volume.image('acme/model:latest'),
      undefined,
      'mount.storage.reference: workload/image-tag',
    ],
    ['that are no text', Volume.image(5 as never), undefined, 'mount.storage.reference: workload/image-tag'],
    [
      'with another policy',
      Volume.image(MODEL, untyped({ pullPolicy: 'never' })),
      undefined,
      'mount.storage.pullPolicy: props/value',
    ],
    [
      'with another option',
      Volume.image(MODEL, untyped({ policy: 'Never' })),
      undefined,
      'mount.storage.policy: props/unknown',
    ],
    ['to write to', Volume.image(MODEL), { readOnly: false }, 'mount.readOnly: props/conflict'],
    ['with items', Volume.image(MODEL), { items: { a: 'a' } }, 'mount.items: props/conflict'],
    [
      'from another registry',
      Volume.image('docker.io/acme/model:1.0.0'),
      undefined,
      'mount.storage: workload/image-registry',
    ],
  ])('are refused %s', (_title, volume, options, message) => {
    expect(
      problemsOf(
        newest((chart) => {
          const web = new WebService(chart, 'web', {
            ...WEB,
            image: 'ghcr.io/acme/web:1.0.0',
            registries: ['ghcr.io/acme/'],
          });
          web.mount('/models', volume as Volume, untyped(options ?? {}));
        }),
      ),
    ).toEqual([`[app/web] ${message}`]);
  });

  test('are worth a look where their tag does not say what is inside', () => {
    const build = (reference: string) =>
      newest((chart) => new WebService(chart, 'web', WEB).mount('/models', Volume.image(reference)));
    expect(warningsOf(build('ghcr.io/acme/model:small'))).toEqual(['[app/web] mount.storage: workload/moving-tag']);
    expect(warningsOf(build(MODEL))).toEqual([]);
  });
});

describe('a site in an image of its own', () => {
  const site = (props: Partial<StaticSiteProps>): Manifest[] =>
    synth(newest((chart) => new StaticSite(chart, 'site', { contentImage: SITE, ...props })));

  test('is mounted over the root of nginx, and gives the site its version', () => {
    const { spec, metadata } = only(site({ contentPath: 'dist' }), 'Deployment');
    const pod = spec.template.spec as Manifest;
    expect(pod.containers[0].image).toBe('docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine');
    expect(pod.volumes).toContainEqual({
      name: 'usr-share-nginx-html',
      image: { reference: SITE, pullPolicy: 'IfNotPresent' },
    });
    expect(pod.containers[0].volumeMounts).toContainEqual({
      name: 'usr-share-nginx-html',
      mountPath: '/usr/share/nginx/html',
      subPath: 'dist',
      readOnly: true,
    });
    expect(
      [metadata.labels, spec.template.metadata.labels].map((labels) => labels['app.kubernetes.io/version']),
    ).toEqual(['2.0.0', '2.0.0']);
  });

  test('goes where the root is, with another nginx', () => {
    const pod = only(site({ root: '/srv/site', image: 'ghcr.io/acme/nginx:1.28.0' }), 'Deployment').spec.template
      .spec as Manifest;
    expect(pod.containers[0].image).toBe('ghcr.io/acme/nginx:1.28.0');
    expect(pod.containers[0].volumeMounts).toContainEqual({ name: 'srv-site', mountPath: '/srv/site', readOnly: true });
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no files', { contentImage: undefined }, ['image: props/required']],
    ['no version', { contentImage: 'ghcr.io/acme/site' }, ['contentImage: workload/image-tag']],
    ['another registry', { image: 'a/b:1.0.0', registries: ['a/'] }, ['contentImage: workload/image-registry']],
    ['a path above it', { contentPath: '../dist' }, ['contentPath: props/value']],
    [
      'a path without it',
      { image: SITE, contentImage: undefined, contentPath: 'dist' },
      ['contentPath: props/conflict'],
    ],
  ])('is refused with %s', (_title, props, messages) => {
    expect(
      problemsOf(newest((chart) => new StaticSite(chart, 'site', untyped({ contentImage: SITE, ...props })))),
    ).toEqual(messages.map((message) => `[app/site] ${message}`));
  });

  test('needs a cluster that has image volumes', () => {
    expect(problemsOf((chart) => new StaticSite(chart, 'site', { contentImage: SITE }))).toEqual([
      '[app/site] contentImage: cluster/version',
    ]);
  });
});
