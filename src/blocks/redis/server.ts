import { Size } from 'cdk8s';
import { checkDirectives, type Refusals } from './directives';
import { OTHER_SECRET, PORT, SCRIPTS, SECRET } from './scripts';
import { imageLine, isTooOld } from './server-line';
import type { SecretKeyRef } from '../../interop/references';
import { keyPart } from '../../kernel/findings/prop-path';
import { confidential, isPlain, mapOf, matching, that } from '../../kernel/schema/checks';
import { configKey } from '../../kernel/schema/syntax';
import { Cpu, type ICpu } from '../../kubernetes/cpu';
import { cpuMillis } from '../../kubernetes/quantity';
import type { PortSettings } from '../../network/ports';
import { type ContainerSettings, fixedContainer, readImage } from '../../pod/container';
import type { ProbeSettings } from '../../pod/probe';
import { Resources } from '../../pod/resources';
import type { WorkloadSite } from '../../workload/plan';

/** What both blocks with a server have among their props. */
export interface ServerProps {
  readonly password?: SecretKeyRef;
  readonly alsoAccepts?: SecretKeyRef;
  readonly image?: string;
  readonly cpu?: ICpu;
  readonly config?: { [directive: string]: string };
}

const DEFAULT_IMAGE = 'docker.io/library/redis:7.2.11-bookworm';
/** The account `redis` of the official Debian images. */
export const DEFAULT_USER = 999;
export const PORTS: PortSettings[] = [{ name: 'redis', port: PORT, servicePort: PORT, protocol: 'TCP' }];
const ANY_KEY = 'invalid';
const REFUSED: SecretKeyRef = { secret: undefined as never, key: ANY_KEY };

/** The image of a server that the blocks can configure. */
export function readServerImage({ read, podWide }: WorkloadSite<ServerProps>): string {
  const image = readImage(read, podWide, DEFAULT_IMAGE);
  const line = imageLine(image);
  if (line !== undefined && isTooOld(line)) {
    read.refuse('image', image, 'Redis 7.0 or later, or Valkey', {
      rule: 'redis/server-version',
      fix: 'Use a newer image: the block needs limits and files that older servers lack',
    });
  }
  return image;
}

/** The directives of the caller. `refusals`: those that the block refuses in addition. */
export function readDirectives(
  { read, problems }: WorkloadSite<ServerProps>,
  image: string,
  refusals?: Refusals,
): Record<string, string> {
  const line = matching(/^[^\r\n]+$/, 1000, 'one line');
  const directives: Record<string, string> = read.optional(
    'config',
    mapOf(matching(/^\S+$/, 100, 'the name of a directive'), line),
    {},
    { fix: 'Map directives to values, as in redis.conf' },
  );
  for (const { directive, got, expected, fix } of checkDirectives(imageLine(image), directives, refusals)) {
    problems.refuse(`config${keyPart(directive)}`, got, expected, { rule: 'redis/directive', fix });
  }
  return directives;
}

/** A probe that runs a script of the ConfigMap. */
export function script(name: string, period: number, failureThreshold = 3): ProbeSettings {
  return {
    action: { kind: 'exec', command: ['sh', `${SCRIPTS}/${name}`] },
    initialDelay: 0,
    period,
    timeout: 5,
    failureThreshold,
  };
}

/** The container of a server; the caller sets its probes. */
export function serverContainer(
  { read, podWide, problems }: WorkloadSite<ServerProps>,
  image: string,
  command: readonly string[],
  memoryMebibytes: number,
): Omit<ContainerSettings, 'probes'> {
  const cpu = read.optional('cpu', cpuMillis, 250);
  const resources = Resources.of({ cpu: Cpu.millis(cpu), memory: Size.mebibytes(memoryMebibytes) });
  return {
    ...fixedContainer({ image, command, resources }, podWide, problems),
    name: 'redis',
    role: 'main',
    ports: PORTS,
    drain: 0,
  };
}

/** Mounts the passwords and returns the location of the first one. `alternative`: what to write if there is none. */
export function readPasswords(site: WorkloadSite<ServerProps>, alternative = ''): SecretKeyRef {
  const password = readPassword(site, 'password', alternative) ?? REFUSED;
  if (site.read.has('alsoAccepts')) readPassword(site, 'alsoAccepts');
  return password;
}

/** Mounts a password and returns its location. */
function readPassword(
  { read, problems, mounting }: WorkloadSite<ServerProps>,
  prop: 'password' | 'alsoAccepts',
  alternative = '',
): SecretKeyRef | undefined {
  const hint = {
    fix: `Give a SecretKeyRef with secret: SecretRef.named('redis-passwd'), key: 'passwd'${alternative}`,
    practice: 'CH01-35',
  };
  const expected = 'a SecretKeyRef: a Secret, and a key of it';
  if (typeof read.raw(prop) === 'string') {
    // it may be the password itself, which must not appear in a log
    problems.add({ rule: 'secret/literal-password', prop, got: 'a literal', expected, ...hint });
    return undefined;
  }
  const value = read.required(prop, confidential(that<SecretKeyRef>(expected, isPlain)), undefined, hint);
  if (value === undefined) return undefined;
  const key = configKey.read(value.key, (given, wanted) =>
    problems.refuse(`${prop}.key`, given, wanted, { rule: 'props/value', ...hint }),
  );
  if (key === undefined) return { secret: value.secret, key: ANY_KEY };
  const path = prop === 'password' ? SECRET : OTHER_SECRET;
  mounting.mountSecret(path, value.secret, { items: { [key]: 'password' } }, `${prop}.secret`);
  return { secret: value.secret, key };
}

/** Eviction policies that drop keys when the memory is full. */
export const EVICTING = [
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
] as const;
