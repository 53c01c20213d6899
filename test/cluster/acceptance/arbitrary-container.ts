import * as fc from 'fast-check';
import { devices, extended, resize } from './arbitrary-devices';
import { hookProps, livenessBeside, probe, type RawHook, rawHook, ready } from './arbitrary-probe';
import { absolutePath, anyText, dnsLabel, mapping, portName, size, sizeOf, subdomain, word } from './arbitrary-text';
import { call, type Terms } from './terms';
import { movingWord } from '../../../src/kubernetes/image';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const HEX = '0123456789abcdef';

const repository = fc.oneof(
  { withCrossShrink: true },
  fc.constant('ghcr.io/acme/web'),
  fc.constantFrom(
    'nginx',
    'library/memcached',
    'localhost:5000/a',
    'registry.example.com:65535/a/b/c',
    'ghcr.io/a__b/c--d/e.f_g',
    '10.0.0.1/a',
  ),
  word(LETTERS, 1, 200).map((name) => `ghcr.io/${name}`),
);
const tag = fc
  .oneof(
    word(`${LETTERS}${LETTERS.toUpperCase()}0123456789_`, 1, 128),
    fc.constantFrom('1.4.2', 'v1.0-rc.1', '_', '1e3'),
  )
  .filter((text) => movingWord(text) === undefined);
const digest = word(HEX, 64, 64).map((hex) => `sha256:${hex}`);

export const image = fc.oneof(
  { withCrossShrink: true },
  fc.tuple(repository, tag).map(([name, version]) => `${name}:${version}`),
  fc.tuple(repository, digest).map(([name, hash]) => `${name}@${hash}`),
  fc.tuple(repository, tag, digest).map(([name, version, hash]) => `${name}:${version}@${hash}`),
);

export const cpu = fc.oneof(
  { withCrossShrink: true },
  fc.integer({ min: 1, max: 100_000 }).map((amount) => call('Cpu.millis', amount)),
  fc.constantFrom(0.001, 0.1, 0.125, 1, 1.5, 64, 9_007_199_254_740).map((amount) => call('Cpu.units', amount)),
  fc.constant(call('Cpu.millis', Number.MAX_SAFE_INTEGER)),
);

const LEAST_MEMORY = 4 * 1024;

/** Resources of newer clusters are left out where they are not chosen. */
const stated = (options: Terms): Terms =>
  Object.fromEntries(Object.entries(options).filter(([, given]) => given !== undefined));

const resources = fc.oneof(
  { withCrossShrink: true },
  fc
    .record(
      { cpu, memory: size(LEAST_MEMORY), ephemeralStorage: size(1024), extended, resize, devices },
      { requiredKeys: ['cpu', 'memory'] },
    )
    .map((options) => call('Resources.of', stated(options))),
  fc
    .record({
      cpu: fc.integer({ min: 1, max: 10_000 }),
      memory: fc.integer({ min: LEAST_MEMORY, max: 2 ** 30 }),
      more: fc.nat(2 ** 20),
    })
    .map(({ cpu: millis, memory, more }) =>
      call('Resources.of', {
        cpu: call('Cpu.millis', millis),
        cpuLimit: call('Cpu.millis', millis + (more % 3 ? more : 0)),
        memory: sizeOf(memory),
        memoryLimit: sizeOf(memory + (more % 2 ? more : 0)),
      }),
    ),
  fc
    .record(
      { cpu, memory: size(LEAST_MEMORY), ephemeralStorage: size(1024), extended },
      { requiredKeys: ['cpu', 'memory'] },
    )
    .map((options) => call('Resources.withoutCpuLimit', options)),
  fc.constant(call('Resources.none')),
);

/** No letter of a word that says that a variable or an entry is a credential, such as `token`. */
export const HARMLESS = 'abcdfghijlmnqrsuvxyzABCDFGHIJLMNQRSUVXYZ0123456789';

const plainEnvName = word(`${HARMLESS}_-.`, 1, 300).map((name) => name.replace(/^[\d.]/, '_'));
const secretEnvName = fc.constantFrom('PASSWORD', 'api-key', 'auth.token');

const envSource: fc.Arbitrary<Terms> = fc.oneof(
  fc
    .constantFrom(
      'metadata.name',
      'metadata.namespace',
      'metadata.uid',
      'spec.serviceAccountName',
      'spec.nodeName',
      'status.hostIP',
      'status.podIP',
      'status.podIPs',
    )
    .map((path) => call('EnvValue.fromFieldRef', path)),
  fc
    .constantFrom('metadata.labels', 'metadata.annotations')
    .map((path) => call('EnvValue.fromFieldRef', path, { key: 'app.kubernetes.io/name' })),
  fc
    .constantFrom(
      'limits.cpu',
      'limits.memory',
      'requests.cpu',
      'requests.memory',
      'limits.ephemeral-storage',
      'requests.ephemeral-storage',
    )
    .map((path) => call('EnvValue.fromResource', path)),
  fc
    .tuple(subdomain(), word(HARMLESS, 1, 253))
    .map(([name, key]) => call('EnvValue.fromSecretValue', { secret: { $secret: name }, key })),
);
const literal = anyText.filter((text) => !text.includes('$('));
const envValue = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: literal },
  literal.map((text) => call('EnvValue.fromValue', text)),
  envSource,
);

/** Some have a variable that refers to another, declared before or after it. */
const env = fc
  .tuple(mapping(plainEnvName, envValue, 4), mapping(secretEnvName, envValue, 1), fc.boolean())
  .map(([plain, secret, refer]) => ({
    env: {
      ...(refer
        ? {
            'all-of-them': Object.keys(plain)
              .map((name) => `$(${name})`)
              .join(' '),
          }
        : {}),
      ...plain,
      ...secret,
    },
    ...(Object.keys(secret).length > 0 ? { allowSecretLookingEnv: Object.keys(secret) } : {}),
  }));

const commandWord = fc.oneof(
  anyText.filter((text) => !text.includes('$')),
  fc.constantFrom('$$(TEXT)', '$', '$HOME', '$()', '$(1)'),
);

/** Command, arguments and variables; arguments may refer to the variables. */
const words = fc
  .record(
    {
      // a line as one word is a mistake
      command: fc.array(commandWord, { maxLength: 3 }).filter((line) => line.length !== 1 || !/\S\s+\S/.test(line[0])),
      args: fc.array(commandWord, { maxLength: 3 }),
      env: fc.option(env, { nil: undefined }),
      refer: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map(({ command, args, env: variables, refer }) => ({
    ...(command ? { command } : {}),
    ...(args
      ? { args: [...args, ...(refer ? Object.keys(variables?.env ?? {}).map((name) => `--set=$(${name})`) : [])] }
      : {}),
    ...variables,
  }));

/** 1 TiB, in KiB. */
const MOST_SCRATCH = 2 ** 30;

export const user = fc.oneof(fc.integer({ min: 1, max: 2_147_483_647 }), fc.boolean());

/**
 * What all containers have. Paths are below a directory of their own, so that no mount of another takes their place.
 */
export const containerBase: fc.Arbitrary<Terms> = fc
  .tuple(
    fc.record(
      {
        image,
        resources,
        user,
        writablePaths: fc.uniqueArray(
          absolutePath.map((path) => `/var/scratch${path}`),
          { maxLength: 3 },
        ),
        writableSize: size(1024, MOST_SCRATCH),
        shell: fc.boolean(),
      },
      { requiredKeys: ['image'] },
    ),
    words,
  )
  .map(([base, more]) => ({ ...fitScratch(base), ...more }));

/** A stated size of the scratch volumes has room on a stated disk; another one is left out. */
function fitScratch(container: Terms): Terms {
  const { args } = (container.resources ?? {}) as { args?: Terms[] };
  if (args?.[0]?.ephemeralStorage === undefined) return container;
  return Object.fromEntries(Object.entries(container).filter(([prop]) => prop !== 'writableSize'));
}

export interface PortData {
  readonly name: string;
  readonly port: number;
  readonly servicePort?: number;
  readonly protocol?: string;
  readonly appProtocol?: Terms;
}

/** What a port speaks, without TLS, which the probes do not speak. */
export const appProtocol: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom(
    call('AppProtocol.grpc'),
    call('AppProtocol.grpc', 'grpc'),
    call('AppProtocol.http2'),
    call('AppProtocol.http'),
    call('AppProtocol.webSocket'),
  ),
  word(`${LETTERS}0123456789`, 1, 63).map((name) => call('AppProtocol.of', name)),
  subdomain().map((prefix) => call('AppProtocol.of', `${prefix}/mqtt`)),
);

export function port(min: number): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(8080, 65_535, min), fc.integer({ min, max: 65_535 }));
}

/** Of something that may listen on any port, or, from 1024 up, of a process without root. */
export function namedPort(min: 1 | 1024): fc.Arbitrary<PortData> {
  return fc
    .record(
      {
        name: portName,
        port: port(min),
        servicePort: port(1),
        protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
        appProtocol,
      },
      { requiredKeys: ['name', 'port'] },
    )
    .map(({ appProtocol: spoken, ...given }) =>
      spoken !== undefined && (given.protocol ?? 'TCP') === 'TCP' ? { ...given, appProtocol: spoken } : given,
    );
}

/** The ports that are not yet taken: names and numbers are unique in a pod. Notes them as taken. */
export function freePorts(ports: readonly PortData[], taken: Set<string>): PortData[] {
  return ports.filter(({ name, port: number, servicePort = number, protocol = 'TCP' }) => {
    const keys = [`name ${name}`, `${number}/${protocol}`, `service ${servicePort}/${protocol}`];
    if (keys.some((key) => taken.has(key))) return false;
    keys.forEach((key) => taken.add(key));
    return true;
  });
}

export interface RawContainer {
  readonly name: string;
  readonly base: Terms;
  readonly ports: readonly PortData[];
  readonly probes: { readonly readiness?: Terms; readonly liveness?: Terms; readonly startup?: Terms };
  readonly hook?: RawHook;
}

export const extraContainer: fc.Arbitrary<RawContainer> = fc.record({
  name: dnsLabel(),
  base: containerBase,
  ports: fc.array(namedPort(1024), { maxLength: 2 }),
  probes: fc.record({ readiness: probe('r'), liveness: probe('l'), startup: probe('s') }, { requiredKeys: [] }),
  hook: fc.option(rawHook, { nil: undefined }),
});

/** The props of a sidecar, with ports that the pod does not have yet; `grace` is the time to stop in seconds. */
export function sidecarProps(
  { name, base, ports, probes, hook }: RawContainer,
  taken: Set<string>,
  hasService: boolean,
  grace: number,
): Terms {
  const own = freePorts(hasService ? ports : ports.map((one) => ({ ...one, servicePort: undefined })), taken);
  const { liveness, ...others } = probes;
  const usable = Object.fromEntries(Object.entries(others).map(([kind, given]) => [kind, ready(given, own)]));
  return {
    ...base,
    name,
    ...(ports.length > 0 ? { ports: own } : {}),
    ...usable,
    ...hookProps(hook, ports.length > 0 ? own : [], grace, 0),
    ...(liveness ? { liveness: livenessBeside(usable.readiness, ready(liveness, own)) } : {}),
  };
}

/** Resources that fit the quality of the pod and the metrics of its autoscaler; other ones are left out. */
export function fitResources(container: Terms, guaranteed: boolean, scaled: boolean): Terms {
  const { resources: given, ...rest } = container;
  const { $call: factory, args } = (given ?? {}) as { $call?: string; args?: Terms[] };
  const none = factory === 'Resources.none';
  const unequal =
    factory === 'Resources.withoutCpuLimit' ||
    args?.[0]?.cpuLimit !== undefined ||
    args?.[0]?.memoryLimit !== undefined;
  return (none && (guaranteed || scaled)) || (unequal && guaranteed) ? rest : container;
}
