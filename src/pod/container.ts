import { Size } from 'cdk8s';
import { refuseOneWord } from './command';
import {
  type EnvFromSettings,
  envPart,
  type EnvSettings,
  refuseSecretLiteral,
  refuseSecretWord,
  VARIABLE_FIX,
} from './env';
import { type HookedContainerProps, type HookSettings, readPreStop } from './pre-stop';
import { isSameCheck, Probe, type ProbeSettings, readProbe, readSameCheck } from './probe';
import { type PodQuality, readResources, Resources, type ResourceSettings } from './resources';
import type { Privileges, User } from './security';
import type { MountSettings } from './volumes';
import type { IEnvSource } from '../interop/references';
import { Verbatim } from '../kernel/findings/describe';
import type { RuleHint } from '../kernel/findings/finding';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import type { Warning } from '../kernel/findings/warnings';
import {
  anyText,
  boolean,
  bytes,
  type Check,
  confidential,
  instance,
  integer,
  listOf,
  mapOf,
  structs,
} from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { directory, dnsLabel, envName } from '../kernel/schema/syntax';
import { Cpu } from '../kubernetes/cpu';
import { inOrder, undeclared } from '../kubernetes/expansion';
import { fixedImage, isFrom, parseImage } from '../kubernetes/image';
import { emptiesImageFiles } from '../kubernetes/image-files';
import { MEBIBYTE, TEBIBYTE } from '../kubernetes/quantity';
import { type NamedPort, type PortSettings, readNamedPort, refusePrivilegedPort } from '../network/ports';

/** Common props of all containers. */
export interface ContainerBaseProps {
  /**
   * Image with a tag other than `latest`, a digest, or both: `ghcr.io/acme/shop:1.4.2`.
   */
  readonly image: string;

  /**
   * Replaces the image's entrypoint.
   *
   * @default - the entrypoint of the image
   */
  readonly command?: string[];

  /**
   * Whether the image has a shell. Write `false` for images such as distroless ones: commands, `exec` probes and hooks
   * that need a shell are then errors, which otherwise show only in the cluster.
   *
   * @default true
   */
  readonly shell?: boolean;

  /**
   * Arguments. `$(NAME)` refers to a declared environment variable of the container, or to one from Kubernetes such as
   * `KUBERNETES_SERVICE_HOST`. A credential is an error (CH01-37).
   *
   * @default - the arguments of the image
   */
  readonly args?: string[];

  /**
   * Environment variables: literals, or an `EnvSource`. In a literal, `$(NAME)` refers to another variable of the
   * container, in any order, and `$$(NAME)` is the literal text.
   *
   * @default - none
   */
  readonly env?: { [name: string]: string | IEnvSource };

  /**
   * Names of literals in `env` that look like credentials but are none.
   *
   * @default - none: a literal credential is an error, and a name like a credential is a warning (CH01-37)
   */
  readonly allowSecretLookingEnv?: string[];

  /**
   * CPU, memory and disk.
   *
   * @default Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(128) }): for a small service; measure and set
   * it. With `podResources`, Resources.shared()
   */
  readonly resources?: Resources;

  /**
   * UID and GID of the process, 1 to 2147483647, or `false` if the platform assigns them (OpenShift).
   *
   * @default - 65532, the "nonroot" account of distroless and Chainguard images; in other containers, the user of the
   * main one
   */
  readonly user?: number | boolean;

  /**
   * Writable directories besides `/tmp`; the rest of the file system is read-only. Their content is lost with the pod.
   * Each is empty at the start and hides the files of the image there: `/etc` and `/usr/lib` are errors, `/app` is a
   * warning (DX-22).
   *
   * @default - none
   */
  readonly writablePaths?: string[];

  /**
   * Limit of `/tmp` and of each of the `writablePaths`; 1 MiB to 1 TiB. `ephemeralStorage` must cover all of them, as
   * its default does.
   *
   * @default Size.mebibytes(64)
   */
  readonly writableSize?: Size;
}

/** A container that runs to completion before the main container starts. */
export interface InitContainerProps extends ContainerBaseProps {
  /** Name, unique in the pod. */
  readonly name: string;
}

/** Ports and probes of a long-running container. */
export interface ProbedContainerProps {
  /**
   * Ports.
   *
   * @default - none
   */
  readonly ports?: NamedPort[];

  /**
   * Whether it can serve. The pod gets no traffic until then.
   *
   * @default - no check
   */
  readonly readiness?: Probe;

  /**
   * Whether it must be restarted.
   *
   * @default - no check
   */
  readonly liveness?: Probe;

  /**
   * Whether it has started. The next containers wait for it.
   *
   * @default - no check
   */
  readonly startup?: Probe;
}

/** A container that runs beside the main one. It starts before it and stops after it (a native sidecar). */
export interface SidecarProps extends InitContainerProps, ProbedContainerProps, HookedContainerProps {}

export interface ProbesSettings {
  readonly readiness?: ProbeSettings;
  readonly liveness?: ProbeSettings;
  readonly startup?: ProbeSettings;
}

/** Writable directories, each with its own volume. */
export interface ScratchSettings {
  readonly paths: readonly string[];
  /** Limit of each. */
  readonly bytes: number;
}

/** The settings of a container. Mounts and edges add to its mutable lists; the rest is final. */
export interface ContainerSettings {
  readonly name: string;
  readonly role: 'main' | 'init' | 'sidecar';
  /** Whether it waits for a connection, before other init containers. */
  readonly waits?: true;
  readonly image: string;
  /** The tag of the image, for a label. */
  readonly version: string | undefined;
  readonly pullPolicy: PullPolicy;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly ports: readonly PortSettings[];
  readonly resources: ResourceSettings;
  readonly user: User;
  readonly privileges?: Privileges;
  readonly probes: ProbesSettings;
  /** Seconds of the preStop pause; 0 for none. */
  readonly drain: number;
  /** What else runs before SIGTERM. */
  readonly hook?: HookSettings;
  /** Whether the image has a shell. */
  readonly shell: boolean;
  readonly scratch: ScratchSettings;
  readonly env: EnvSettings[];
  /** Names of variables with literals that may look like credentials. */
  readonly allowSecretLookingEnv: readonly string[];
  readonly envFrom: EnvFromSettings[];
  readonly mounts: MountSettings[];
  /** When the kubelet restarts it although the pod says never. */
  readonly restart?: RestartRules;
}

/** Exit codes of a container, and what restarts after them. */
export interface RestartRules {
  readonly exitCodes: readonly number[];
  readonly action: 'Restart' | 'RestartAllContainers';
}

export type PullPolicy = 'IfNotPresent' | 'Always' | 'Never';

/** Common settings of all containers of a pod. */
export interface PodWide extends PodQuality {
  readonly user: User;
  readonly registries: readonly string[];
  readonly pullPolicy: PullPolicy;
  /** Lowest port that a process may use without root. */
  readonly lowestPort: number;
  /** Seconds between the request to stop and the kill; `undefined` if the prop is refused. */
  readonly graceSeconds: number | undefined;
}

export const READINESS_PERIOD = 5;
export const LIVENESS_PERIOD = 10;
export const STARTUP_PERIOD = 5;

const DEFAULT_WRITABLE = 64 * MEBIBYTE;

const uid: Check<number | boolean> = {
  expected: 'an integer from 1 to 2147483647, or false',
  read(value, refuse) {
    if (typeof value === 'boolean') return value;
    return integer(1, 2_147_483_647).read(value, (given) => refuse(given, this.expected));
  },
};

export function readUser(read: Reader<Pick<ContainerBaseProps, 'user'>>, inherited: User): User {
  const given = read.optional('user', uid, inherited, {
    rule: 'workload/root-user',
    fix: 'Use the UID of the image, or false: Pod Security restricted refuses root',
  });
  return given === true ? inherited : given;
}

/** Common settings of all containers; the caller reads `probes`, `ports`, `drain`, hook and role. */
type ContainerBase = Omit<ContainerSettings, 'name' | 'role' | 'ports' | 'probes' | 'drain' | 'hook'>;

/** The image of a container; `usual` is the default image of the block, if any. */
export function readImage(read: Reader<{ readonly image?: string }>, pod: PodWide, usual?: string): string {
  const image =
    usual === undefined
      ? read.required('image', fixedImage, 'invalid:0.0.0', {
          rule: 'workload/image-tag',
          fix: 'Give the version to run, such as ghcr.io/acme/shop:1.4.2',
        })
      : read.optional('image', fixedImage, usual, { rule: 'workload/image-tag' });
  if (pod.registries.length > 0 && read.isSound('image') && !isFrom(image, pod.registries)) {
    refuseRegistry(image, pod.registries, read, 'image');
  }
  return image;
}

/** Refuses an image from another registry. */
export function refuseRegistry<P extends string>(
  image: string,
  registries: readonly string[],
  problems: { refuse(prop: P, given: unknown, expected: string, hint: RuleHint): void },
  prop: P,
): void {
  problems.refuse(prop, image, `an image from ${registries.join(' or ')}`, {
    rule: 'workload/image-registry',
    fix: "Use a mirrored image, or add its registry to 'registries'",
  });
}

/** Settings of a container that the block decides. */
export interface FixedContainer {
  readonly image: string;
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly resources: Resources;
}

/** Like `readContainerBase`, for a block that decides what runs. */
export function fixedContainer(
  { image, command, args = [], env = {}, resources }: FixedContainer,
  pod: PodWide,
  problems: Problems,
): ContainerBase {
  return {
    image,
    version: parseImage(image)?.tag,
    pullPolicy: pod.pullPolicy,
    command,
    args,
    shell: true,
    resources: readResources(resources, pod, { bytes: DEFAULT_WRITABLE, stated: false }, problems, 'resources'),
    user: pod.user,
    scratch: { paths: ['/tmp'], bytes: DEFAULT_WRITABLE },
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    allowSecretLookingEnv: [],
    envFrom: [],
    mounts: [],
  };
}

const WORDS = confidential(listOf(confidential(anyText)));
const ALLOW_SECRET_LOOKING_ENV = listOf(envName);
const ENV = confidential(mapOf(envName, envPart));
const WRITABLE_PATHS = listOf(directory);
const WRITABLE_SIZE = bytes(MEBIBYTE, TEBIBYTE);

export function readContainerBase(
  read: Reader<ContainerBaseProps>,
  pod: PodWide,
  problems: Problems,
  prefix = '',
): ContainerBase {
  const image = readImage(read, pod);
  const command = read.optional('command', WORDS, [], {
    fix: "Write a list of words, such as ['server', '--verbose']",
  });
  const args = read.optional('args', WORDS, [], { fix: "Write a list of words, such as ['--verbose']" });
  refuseOneWord(command, problems, `${prefix}command`);
  refuseSecretWord(command, problems, `${prefix}command`);
  refuseSecretWord(args, problems, `${prefix}args`);
  const allowed = read.optional('allowSecretLookingEnv', ALLOW_SECRET_LOOKING_ENV, [], {
    fix: 'List names of variables',
  });
  const env = Object.entries(read.optional('env', ENV, {}, { fix: VARIABLE_FIX })).map(([name, part]) => ({
    name,
    ...part,
  }));
  for (const { name, ...part } of env) {
    refuseSecretLiteral(name, part, allowed, problems, `${prefix}env${keyPart(name)}`);
  }
  const resources = readResourcesProp(read, pod, DEFAULT_RESOURCES);
  const writable = read.optional('writablePaths', WRITABLE_PATHS, [], {
    fix: "List directories, such as '/var/cache/app'",
  });
  refuseEmptied(writable, problems, `${prefix}writablePaths`);
  const paths = [...new Set(['/tmp', ...writable])];
  const scratch = { paths, bytes: read.optional('writableSize', WRITABLE_SIZE, DEFAULT_WRITABLE) };
  const stated = read.has('writableSize') && read.isSound('writableSize');

  return {
    image,
    version: parseImage(image)?.tag,
    pullPolicy: pod.pullPolicy,
    command,
    args,
    shell: read.optional('shell', boolean, true),
    resources: readResources(
      resources,
      pod,
      { bytes: paths.length * scratch.bytes, stated },
      problems,
      `${prefix}resources`,
    ),
    user: readUser(read, pod.user),
    scratch,
    env,
    allowSecretLookingEnv: allowed,
    envFrom: [],
    mounts: [],
  };
}

/** An empty directory hides what the image has there: programs, libraries, the trusted certificates. */
function refuseEmptied(paths: readonly string[], problems: Problems, prop: string): void {
  paths.forEach((path, index) => {
    if (!emptiesImageFiles(path)) return;
    problems.refuse(`${prop}[${index}]`, path, 'a directory in which the image has no files that it needs', {
      rule: 'workload/mount-hides-files',
      fix: `Name the directory that the process writes to, such as '${path}/cache'`,
    });
  });
}

const RESOURCES = instance(Resources, 'Resources, e.g. Resources.of(...) with cpu and memory');

/** The prop `resources`; `usual` is the default of a container that does not share the resources of its pod. */
export function readResourcesProp(
  read: Reader<{ readonly resources?: Resources }>,
  { whole }: PodWide,
  usual: Resources,
): Resources {
  const given = read.optional('resources', RESOURCES, usual, {
    fix: 'Use Resources.of(...)',
  });
  return whole !== undefined && given === usual ? Resources.shared() : given;
}

const NAME = dnsLabel();

export function readExtraContainer(
  given: unknown,
  role: 'init' | 'sidecar',
  pod: PodWide,
  problems: Problems,
  prop: string,
): ContainerSettings {
  const read = new Reader<SidecarProps>(problems, given, `${prop}.`);
  // a unique substitute: two refused names are not duplicates
  const name = read.required('name', NAME, `invalid ${prop}`, { fix: 'Name the container after its purpose' });
  const base = readContainerBase(read, pod, problems, `${prop}.`);
  if (role === 'init') {
    refuseResize(base.resources, problems, prop);
    // the API refuses probes on a container that must complete
    read.refuseUnknown();
    return { name, role, ports: [], probes: {}, drain: 0, ...base };
  }
  const probed = readProbed(read, problems, `${prop}.`);
  probed.ports.forEach(({ port }, index) =>
    refusePrivilegedPort(port, pod, problems, `${prop}.ports[${index}].port`, 'use another port'),
  );
  const hook = readPreStop(read, { ...pod, ports: probed.ports, drain: 0 }, problems, `${prop}.`);
  read.refuseUnknown();
  return { name, role, drain: 0, ...probed, ...hook, ...base };
}

/** The API server refuses it: such a container only runs once. */
function refuseResize({ resize }: ResourceSettings, problems: Problems, prop: string): void {
  if (resize === undefined) return;
  problems.add({
    rule: 'props/conflict',
    prop: `${prop}.resources.resize`,
    got: 'a resize policy for an init container',
    expected: 'one for containers that keep running',
    fix: 'Remove it',
  });
}

const PORTS = structs<NamedPort>('a port');

/**
 * Ports and probes of a long-running container; `prefix` is the path of its props, and `added` are ports of other
 * props.
 */
export function readProbed(
  read: Reader<ProbedContainerProps>,
  problems: Problems,
  prefix = '',
  added: readonly PortSettings[] = [],
): Pick<ContainerSettings, 'ports' | 'probes'> {
  const ports = read
    .optional('ports', PORTS, [], {
      fix: "List NamedPorts, such as one with name: 'metrics', port: 9090",
    })
    .map((port, index) => readNamedPort(port, problems, `${prefix}ports[${index}]`))
    .concat(added);
  const [readiness, liveness, startup] = (['readiness', 'liveness', 'startup'] as const).map((kind) =>
    read.optional(kind, probeInstance, undefined, { fix: 'Use Probe.httpGet(...)' }),
  );
  const asked = readiness && readProbe(readiness, ports, READINESS_PERIOD, problems, `${prefix}readiness`);
  const refuseSame = (kind: string, expected: string): void =>
    problems.add({
      rule: 'workload/same-as-readiness',
      prop: `${prefix}${kind}`,
      got: 'Probe.sameAsReadiness()',
      expected,
      fix: 'Use Probe.httpGet(...)',
    });
  if (readiness?._kind === 'sameAsReadiness') refuseSame('readiness', 'a check');
  const other = (
    kind: string,
    given: Probe | undefined,
    period: number,
    initialDelay = asked?.initialDelay ?? 0,
  ): ProbeSettings | undefined => {
    if (given?._kind !== 'sameAsReadiness') {
      return given && readProbe(given, ports, period, problems, `${prefix}${kind}`);
    }
    if (!read.has('readiness') || readiness?._kind === 'none') {
      refuseSame(kind, "a check of its own, or one of 'readiness' to share");
    }
    return asked && readSameCheck(given, { ...asked, initialDelay }, period, problems, `${prefix}${kind}`);
  };
  const probes = {
    readiness: asked,
    liveness: other('liveness', liveness, LIVENESS_PERIOD),
    startup: other('startup', startup, STARTUP_PERIOD, 0),
  };
  if (liveness?._kind !== 'sameAsReadiness') refuseSameLiveness(probes, problems, `${prefix}liveness`);
  return { ports, probes };
}

export const probeInstance = instance(Probe, "a Probe, e.g. Probe.httpGet('/readyz')");

export function refuseSameLiveness({ readiness, liveness }: ProbesSettings, problems: Problems, prop: string): void {
  if (readiness && liveness && isSameCheck(readiness, liveness)) {
    problems.add({
      rule: 'workload/liveness-same-as-readiness',
      prop,
      got: 'the readiness check',
      expected: 'a check of the process itself',
      fix: 'Use another path, or Probe.sameAsReadiness(): an outage of a dependency would restart every replica',
    });
  }
}

/**
 * Checks references when all edges and mounts exist. `added` are variables that a controller appends: a command line
 * can use them, other variables cannot.
 */
export function refuseUndeclared(
  container: ContainerSettings,
  added: readonly string[],
  problems: Problems,
  prefix = '',
): void {
  const { env, envFrom } = container;
  for (const part of ['command', 'args'] as const) {
    for (const name of undeclared(container[part], env, envFrom, added)) {
      refuseVariable(name, `${prefix}${part}`, problems);
    }
  }
  for (const { name: user, value = '' } of env) {
    for (const name of undeclared([value], env, envFrom)) {
      if (added.includes(name)) {
        problems.refuse(
          `${prefix}env${keyPart(user)}`,
          `$(${name})`,
          'an earlier variable: the controller adds this one last',
          {
            rule: 'workload/variable-order',
            fix:
              `Use it in 'command' or 'args', or declare it: ` +
              `EnvSource.field("metadata.annotations['${COMPLETION_INDEX}']")`,
          },
        );
      } else {
        refuseVariable(name, `${prefix}env${keyPart(user)}`, problems);
      }
    }
  }
  for (const { name, source } of env) {
    if (source || !added.includes(name)) continue;
    problems.refuse(
      `${prefix}env${keyPart(name)}`,
      new Verbatim('a literal'),
      'a variable that the controller does not add',
      {
        rule: 'workload/controller-variable',
        fix: 'Remove it: the controller keeps the literal, and all pods get the same value',
      },
    );
  }
  for (const circle of inOrder(env, envFrom).circles) {
    problems.refuse(
      `${prefix}env${keyPart(circle[0])}`,
      new Verbatim(circle.map((name) => `$(${name})`).join(' -> ')),
      'variables that do not refer to each other in a cycle',
      {
        rule: 'workload/variable-circle',
        fix: 'Break the cycle: Kubernetes expands a reference only to an earlier variable',
      },
    );
  }
}

function refuseVariable(name: string, prop: string, problems: Problems): void {
  problems.refuse(prop, `$(${name})`, 'a variable that the container declares', {
    rule: 'workload/undeclared-variable',
    fix: `Add '${name}' to env, or write $$(${name}) for the literal text`,
  });
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode */
const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';

/** What is worth a look where the tag of an image does not tell what is inside. */
export function movingTag(image: string): Warning {
  return {
    rule: 'workload/moving-tag',
    prop: 'image',
    got: `'${image}'`,
    expected: 'a tag that is a version or a commit, or a digest',
    text:
      `image '${image}': the tag is neither a version nor a commit. Such tags move: add the digest, or ` +
      'use a version tag',
  };
}

export const DEFAULT_RESOURCES = Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(128) });
