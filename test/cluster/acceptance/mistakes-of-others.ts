import * as fc from 'fast-check';
import {
  blockOf,
  change,
  type Mistake,
  noDuration,
  noInteger,
  noLabel,
  noLabelKey,
  noLabelValue,
  noRange,
  prop,
  withBlocks,
} from './mistake';
import { call, type Term, type Terms } from './terms';

const NO_HOST = fc.constantFrom<Term>(
  '',
  '10.0.0.1',
  '010.000.000.001',
  '*',
  '*.10.0.0.1',
  'app.*.example.com',
  'Example.com',
  'a_b.com',
  '-a.com',
  'a..b',
  'a.com/',
  'a.com:80',
  'http://a.com',
  'a b',
  `${'a'.repeat(64)}.com`,
  'a.'.repeat(127) + 'aa',
  null,
  7,
);
const NO_PATH = fc.constantFrom<Term>(
  '/api/*',
  '/*',
  '/a?b=1',
  '/a#b',
  '/^v[0-9]+',
  '/{id}',
  '/`a`',
  '/users/:id',
  '',
  'api',
  ' /',
  '/a b',
  '//',
  '/a//b',
  '/../a',
  '/a/..',
  '/a/./b',
  '/.',
  '/a%2fb',
  '/%2F',
  null,
  7,
);
const NO_SUBDOMAIN = fc.constantFrom<Term>('', 'A', 'a_b', '-a', 'a.', 'a'.repeat(254), null, 7);
const MEBIBYTE = 1024 * 1024;

function route(
  mistake: string,
  at: string,
  value: fc.Arbitrary<Term>,
  routes: (bad: Term, backend: Terms) => Terms[],
): Mistake {
  return {
    mistake,
    kind: 'HttpRouting',
    at,
    value,
    make: (app, bad) => {
      const backend = { $block: blockOf(app, 'WebService').id };
      return {
        ...app,
        blocks: app.blocks.map((block) =>
          block.kind === 'HttpRouting' ? { ...block, props: { ...block.props, routes: routes(bad, backend) } } : block,
        ),
      };
    },
  };
}

const controller = (namespace: Term, options: Term): Terms => call('IngressController.inNamespace', namespace, options);

const routing: Mistake[] = [
  prop('HttpRouting', 'host: no host', 'host', NO_HOST),
  prop('HttpRouting', 'host: left out', 'host', fc.constant(undefined)),
  prop('HttpRouting', 'name: no name', 'name', noLabel(63)),
  prop('HttpRouting', 'tls: left out', 'tls', fc.constantFrom<Term>(undefined, null, true, 'letsencrypt')),
  prop('HttpRouting', 'tls: no issuer', 'tls.clusterIssuer', NO_SUBDOMAIN, (clusterIssuer) => ({
    tls: call('Tls.certManager', { clusterIssuer }),
  })),
  prop('HttpRouting', 'tls: two issuers', 'tls.clusterIssuer', fc.constant('a'), (name) => ({
    tls: call('Tls.certManager', { clusterIssuer: name, issuer: name }),
  })),
  prop(
    'HttpRouting',
    'tls: no name of a Secret',
    'tls',
    NO_SUBDOMAIN.filter((name) => typeof name === 'string'),
    (name) => ({ tls: call('Tls.secret', { $secret: name }) }),
  ),
  ofUnknownCluster(
    prop('HttpRouting', 'controller: left out', 'controller', fc.constantFrom<Term>(undefined, null, 'traefik')),
  ),
  prop('HttpRouting', 'controller: no class', 'controller.className', NO_SUBDOMAIN, (className) => ({
    controller: controller('a', { className }),
  })),
  prop('HttpRouting', 'controller: no namespace', 'controller.namespace', noLabel(63), (namespace) => ({
    controller: controller(namespace, { className: 'traefik' }),
  })),
  prop(
    'HttpRouting',
    'controller: no ranges',
    'controller.ranges',
    fc.oneof(
      fc.constantFrom<Term>([], '10.0.0.0/8', null),
      noRange.map((range) => [range]),
    ),
    (ranges) => ({ controller: call('IngressController.fromCidrs', ranges, { className: 'alb' }) }),
  ),
  prop('HttpRouting', 'routes: none', 'routes', fc.constantFrom<Term>([], undefined, null, {}), (routes) => ({
    routes,
    defaultBackend: undefined,
  })),
  route('routes: no path', 'routes[0].path', NO_PATH, (path, backend) => [{ path, backend }]),
  route('routes: no backend', 'routes[0].backend', fc.constantFrom<Term>(undefined, null, 'web', {}), (backend) => [
    { path: '/', backend },
  ]),
  route(
    'routes: a type that each controller reads in its own way',
    'routes[0].pathType',
    fc.constantFrom<Term>('prefix', 'implementationSpecific', '', null),
    (pathType, backend) => [{ path: '/', backend, pathType }],
  ),
  ofController(
    'routes: a type that ingress-nginx alone reads as meant',
    'routes[0].pathType',
    { className: 'traefik' },
    fc.constantFrom<Terms>({ path: '/' }, { path: '/.well-known/x' }),
    { pathType: 'ImplementationSpecific' },
  ),
  ofController(
    'routes: a path that ingress-nginx refuses',
    'routes[0].path',
    { className: 'nginx' },
    fc.constantFrom<Terms>({ path: '/.well-known/x' }, { path: '/v1.0/', pathType: 'Exact' }, { path: '/~a' }),
    {},
  ),
  route('routes: the same path twice', '', fc.constantFrom('/api', '/api/'), (path, backend) => [
    { path: '/api', backend },
    { path, backend },
  ]),
  {
    ...route(
      'routes: a prefix taken away by another controller than Traefik',
      'routes[0].stripPrefix',
      fc.constant('nginx'),
      (_class, backend) => [{ path: '/a', backend, stripPrefix: true }],
    ),
    ...withController(),
  },
  prop('HttpRouting', 'annotations: too large', 'annotations', fc.constant({ a: 'a'.repeat(256 * 1024) })),
  prop('HttpRouting', 'annotations: no key', 'annotations', noLabelKey, (key) => ({
    annotations: { [key as string]: '' },
  })),
];

/** One route by a controller of the routing. */
function ofController(mistake: string, at: string, options: Terms, value: fc.Arbitrary<Terms>, more: Terms): Mistake {
  return {
    mistake,
    kind: 'HttpRouting',
    at,
    value,
    make: (app, bad) => {
      const routes = [{ ...(bad as Terms), ...more, backend: { $block: blockOf(app, 'WebService').id } }];
      return {
        ...app,
        blocks: app.blocks.map((block) =>
          block.kind === 'HttpRouting'
            ? { ...block, props: { ...block.props, controller: controller('a', options), routes } }
            : block,
        ),
      };
    },
  };
}

/** The profile of a cluster may know the controller. */
function ofUnknownCluster(mistake: Mistake): Mistake {
  return { ...mistake, make: (app, bad) => mistake.make({ ...app, cluster: undefined }, bad) };
}

/** A rewrite beside a controller that has none. */
function withController(): Pick<Mistake, 'make'> {
  return {
    make: (app) => ({
      ...app,
      blocks: app.blocks.map((block) =>
        block.kind === 'HttpRouting'
          ? {
              ...block,
              props: {
                ...block.props,
                controller: controller('a', { className: 'nginx' }),
                routes: [{ path: '/a', backend: { $block: blockOf(app, 'WebService').id }, stripPrefix: true }],
              },
            }
          : block,
      ),
    }),
  };
}

const redis: Mistake[] = [
  prop('Redis', 'password: left out', 'password', fc.constantFrom<Term>(undefined, null, 'hunter2', {}, [])),
  prop(
    'Redis',
    'password: no key',
    'password.key',
    fc.constantFrom<Term>('', '..', '..a', 'a b', 'a/b', 'a'.repeat(254), null),
    (key) => ({ password: { secret: { $secret: 'a' }, key } }),
  ),
  prop(
    'Redis',
    'storage: left out or too small',
    'storage',
    fc.constantFrom<Term>(undefined, null, 10, '10Gi', call('Size.mebibytes', 1023)),
  ),
  prop('Redis', 'storage: no room for a rewrite', 'storage', fc.constant(call('Size.gibibytes', 2)), (storage) => ({
    storage,
    maxMemory: storage,
  })),
  prop('Redis', 'replicas: no count', 'replicas', noInteger(1, 100)),
  prop('Redis', 'name: no room for the revision', 'name', noLabel(52)),
  prop('Redis', 'maxMemory: too small', 'maxMemory', fc.constantFrom<Term>(null, 256, call('Size.mebibytes', 15))),
  prop('Redis', 'evictionPolicy: unknown', 'evictionPolicy', fc.constantFrom<Term>('', 'lru', 'NOEVICTION', null)),
  prop('Redis', 'fsync: unknown', 'fsync', fc.constantFrom<Term>('no', '', true, null)),
  prop(
    'Redis',
    'config: what the block sets itself',
    'config',
    fc.constantFrom('port', 'requirepass', 'dir', 'PORT', 'a b', ''),
    (name) => ({ config: { [name as string]: '1' } }),
  ),
  prop(
    'Redis',
    'config: more than one line',
    'config',
    fc.constantFrom<Term>('', '1\nport 1', '1\r', 1, null),
    (value) => ({ config: { hz: value } }),
  ),
  prop('Redis', 'startupTimeout: no such time', 'startupTimeout', noDuration(10, 3600)),
  prop('Redis', 'storageClassName: no name', 'storageClassName', NO_SUBDOMAIN),
  prop('Redis', 'volumeAttributesClassName: no name', 'volumeAttributesClassName', NO_SUBDOMAIN),
];

const cache: Mistake[] = [
  prop(
    'RedisCache',
    'password: left out',
    'password',
    fc.constantFrom<Term>(undefined, null, 'hunter2', {}, []),
    (password) => ({ password, withoutPassword: undefined }),
  ),
  prop('RedisCache', 'password: beside the reason for none', 'password', fc.constant('needs no password'), (why) => ({
    password: { secret: { $secret: 'a' }, key: 'a' },
    alsoAccepts: undefined,
    withoutPassword: why,
  })),
  prop(
    'RedisCache',
    'withoutPassword: no reason',
    'withoutPassword',
    fc.constantFrom<Term>('', 'because', ' '.repeat(20), true, null, {}),
    (withoutPassword) => ({ password: undefined, alsoAccepts: undefined, withoutPassword }),
  ),
  prop('RedisCache', 'a prop of Redis', 'storage', fc.constant(call('Size.gibibytes', 10))),
  prop('RedisCache', 'replicas: several caches', 'replicas', fc.constantFrom<Term>(1, 3)),
  prop('RedisCache', 'name: no room for the hash', 'name', noLabel(52)),
  prop('RedisCache', 'maxMemory: too small', 'maxMemory', fc.constantFrom<Term>(null, 256, call('Size.mebibytes', 15))),
  prop('RedisCache', 'evictionPolicy: nothing', 'evictionPolicy', fc.constantFrom<Term>('noeviction', '', 'lru', null)),
  prop(
    'RedisCache',
    'config: about files, replicas and what the block sets',
    'config',
    fc.constantFrom('save', 'appendonly', 'appendfsync', 'repl-backlog-size', 'min-replicas-to-write', 'port', 'user'),
    (name) => ({ config: { [name as string]: '1' } }),
  ),
];

const config: Mistake[] = [
  prop('VersionedConfigMap', 'no content', 'data', fc.constant(undefined), () => ({
    data: undefined,
    files: undefined,
    folder: undefined,
  })),
  prop(
    'VersionedConfigMap',
    'data: no key of an entry',
    'data',
    fc.constantFrom('', '.', '..', '..a', 'a b', 'a/b', 'é', 'a'.repeat(254)),
    (key) => ({ data: { [key as string]: '' } }),
  ),
  prop('VersionedConfigMap', 'data: no text', 'data', fc.constantFrom<Term>(1, true, null, {}, [], NaN), (value) => ({
    data: { a: value },
  })),
  prop('VersionedConfigMap', 'data: too large', 'data', fc.integer({ min: 1, max: 1000 }), (more) => ({
    data: { a: 'a'.repeat(MEBIBYTE + (more as number)) },
  })),
  prop('VersionedConfigMap', 'data: too large as JSON', 'data', fc.constantFrom('<', '>', '&', '\u0001'), (text) => ({
    allowSecretLookingData: [],
    data: { a: (text as string).repeat(MEBIBYTE) },
  })),
  prop(
    'VersionedConfigMap',
    'data: half of a surrogate pair',
    "data['a']",
    fc.constantFrom('\ud800', 'a\udc00'),
    (text) => ({ data: { a: text } }),
  ),
  prop(
    'VersionedConfigMap',
    'data: a key that is a number without quotes',
    'data',
    fc.constantFrom('0o17', '0X1F', '1e_3'),
    (key) => ({ data: { [key as string]: '' } }),
  ),
  prop('VersionedConfigMap', 'annotations: too large', 'annotations', fc.constant({ a: 'a'.repeat(256 * 1024) })),
  prop('VersionedConfigMap', 'data: a credential', "data['url']", fc.constantFrom('shop', ''), (user) => ({
    allowSecretLookingData: [],
    data: { url: `postgres://${String(user)}:hunter2@db` },
  })),
  prop(
    'VersionedConfigMap',
    'files: a file that is not there',
    'files',
    fc.constantFrom('/missing/file', '/', 'a\u0000b'),
    (path) => ({ files: { a: path } }),
  ),
  prop(
    'VersionedConfigMap',
    'folder: a folder that is not there',
    'folder',
    fc.constantFrom('/missing/folder', '/dev/null'),
  ),
  prop('VersionedConfigMap', 'files: a key of data', 'files', fc.constant('a'), (key) => ({
    data: { [key as string]: '' },
    files: { [key as string]: { $file: '' } },
  })),
  prop('VersionedConfigMap', 'reload: unknown', 'reload', fc.constantFrom<Term>('', 'hash', true, null)),
  prop('VersionedConfigMap', 'name: no room for the hash', 'name', noLabel(52)),
  prop('VersionedConfigMap', 'labels: no label value', 'labels', noLabelValue, (value) => ({ labels: { a: value } })),
  change('VersionedConfigMap', 'two ConfigMaps with one name', '', (app) =>
    withBlocks(
      app,
      ...['one', 'two'].map((id) => ({
        kind: 'VersionedConfigMap' as const,
        id,
        props: { name: 'same', reload: 'watch', data: { id } },
      })),
    ),
  ),
  prop('VersionedSecret', 'version: left out', 'version', fc.constantFrom<Term>(undefined, null, '', 'V1', 'a b', 1)),
  prop('VersionedSecret', 'name and version: too long', 'name', fc.constant('a'.repeat(253)), (name) => ({
    name,
    version: 'v1',
  })),
];

const NO_IMAGE = fc.constantFrom<Term>('', 'site', 'site:latest', 'site:stable', 'a b:1.0.0', null, 5);
const NO_RELATIVE_PATH = fc.constantFrom<Term>('', '/', '/dist', '../dist', 'a/../b', null, 5);

const site: Mistake[] = [
  prop('StaticSite', 'neither image nor content', 'image', fc.constant(undefined), () => ({
    image: undefined,
    content: undefined,
    contentImage: undefined,
    registries: undefined,
  })),
  prop(
    'StaticSite',
    'root: what nginx reads as more than a path',
    'root',
    fc.constantFrom<Term>('', 'a', '/a;', '/a b', '/a{', '/$uri', `/${'a'.repeat(255)}`, null),
  ),
  prop(
    'StaticSite',
    'fallback: what nginx reads as more than a path',
    'fallback',
    fc.constantFrom<Term>('', 'a', '/a;', '/a b', null),
  ),
  prop('StaticSite', 'image: a tag that moves', 'image', fc.constantFrom('a:stable', 'a:mainline-alpine'), (image) => ({
    image,
    registries: undefined,
  })),
  prop('StaticSite', 'drain: no time left', 'drain', fc.constant(call('Duration.seconds', 30)), (drain) => ({
    drain,
    terminationGracePeriod: undefined,
  })),
  prop('StaticSite', 'contentImage: no fixed version', 'contentImage', NO_IMAGE, (contentImage) => ({
    content: undefined,
    contentImage,
    registries: undefined,
  })),
  prop('StaticSite', 'contentPath: no path', 'contentPath', NO_RELATIVE_PATH, (contentPath) => ({
    content: undefined,
    contentImage: 'ghcr.io/acme/site:1.4.2',
    contentPath,
    registries: undefined,
  })),
  prop('StaticSite', 'contentPath: of no image', 'contentPath', fc.constant('dist'), (contentPath) => ({
    contentImage: undefined,
    contentPath,
  })),
  prop('StaticSite', 'a prop of WebService', 'port', fc.constant(80)),
];

export const OTHER_MISTAKES: readonly Mistake[] = [...routing, ...redis, ...cache, ...config, ...site];
