import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { hastened, paced } from './pace';
import { Redis, RedisCache } from '../../../src';
import { type Manifest, only, synth } from '../../support';

export const NAMESPACE = 'shop';
const SECRETS = '/var/run/secrets/';

export interface Probe {
  readonly command: readonly string[];
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

/** What the kernel needs to know of a Redis block, from its objects. */
export interface Block {
  readonly name: string;
  /** Of the governing Service. */
  readonly service: string;
  readonly replicas: number;
  /** All members start at once; otherwise each waits until the one before it is ready. */
  readonly parallel: boolean;
  readonly command: readonly string[];
  readonly uid: number;
  /** Files of the ConfigMap. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Folders below /var/run/secrets, with the name of the Secret of each. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Options of resolv.conf beside those that each pod has. */
  readonly resolver: readonly string[];
  readonly startup: Probe;
  readonly liveness: Probe;
  readonly readiness: Probe;
  readonly graceSeconds: number;
  /** Memory limit of a member. */
  readonly memoryMebibytes: number;
}

export interface BlockOptions {
  readonly name?: string;
  readonly replicas?: number;
  /** Names of the Secrets with the passwords. */
  readonly password?: string;
  readonly alsoAccepts?: string;
  /** Lines at the end of redis.conf. */
  readonly directives?: string;
}

/** What the library writes today. */
export function synthesized({
  name = 'store',
  replicas = 3,
  password = 'redis-passwd',
  alsoAccepts,
  directives = '',
}: BlockOptions = {}): Block {
  const block = blockOf(
    synth((chart) => {
      const key = (secret: string) => ({ secret: Secret.fromSecretName(chart, secret, secret), key: 'passwd' });
      new Redis(chart, 'redis', {
        name,
        password: key(password),
        ...(alsoAccepts === undefined ? {} : { alsoAccepts: key(alsoAccepts) }),
        storage: Size.gibibytes(1),
        maxMemory: Size.mebibytes(16),
        replicas,
      });
    }),
  );
  return { ...block, scripts: { ...block.scripts, 'redis.conf': `${block.scripts['redis.conf']}${directives}` } };
}

export interface CacheOptions {
  /** Names of the Secrets with the passwords; none for a cache without a password. */
  readonly password?: string;
  readonly alsoAccepts?: string;
  /** In MiB. */
  readonly maxMemory?: number;
}

/** A cache, as the library writes it today. */
export function synthesizedCache({ password, alsoAccepts, maxMemory = 16 }: CacheOptions = {}): Block {
  return blockOf(
    synth((chart) => {
      const key = (secret: string) => ({ secret: Secret.fromSecretName(chart, secret, secret), key: 'passwd' });
      new RedisCache(chart, 'cache', {
        name: 'pages',
        ...(password === undefined ? { withoutPassword: 'nothing in it is secret' } : { password: key(password) }),
        ...(alsoAccepts === undefined ? {} : { alsoAccepts: key(alsoAccepts) }),
        maxMemory: Size.mebibytes(maxMemory),
      });
    }),
  );
}

/** What it wrote before silence counted as no answer: an application `app-upgraded`. */
export function earlierRelease(): Block {
  return blockOf(
    JSON.parse(readFileSync(join(__dirname, '..', '..', 'rig', 'redis-started-in-order.json'), 'utf8')) as Manifest[],
  );
}

function blockOf(manifests: Manifest[]): Block {
  const [{ metadata, spec }] = manifests.filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');
  const { data } = only(manifests, 'ConfigMap');
  const pod = spec.template.spec;
  const [main] = pod.containers;
  const secretOf = (volume: string): string | undefined =>
    pod.volumes.find(({ name }: Manifest) => name === volume)?.secret?.secretName;
  const mounted = main.volumeMounts.map(({ mountPath, name }: Manifest) => [
    mountPath.slice(SECRETS.length),
    secretOf(name),
  ]);
  return {
    name: metadata.name,
    service: spec.serviceName ?? metadata.name,
    replicas: spec.replicas,
    parallel: spec.podManagementPolicy === 'Parallel',
    command: main.command,
    uid: main.securityContext.runAsUser,
    scripts: { ...data, 'redis.conf': hastened(data['redis.conf']) },
    secrets: Object.fromEntries(mounted.filter(([, secret]: string[]) => secret !== undefined)),
    resolver: (pod.dnsConfig?.options ?? []).map(({ name, value }: Manifest) => `${name}:${value}`),
    startup: probe(main.startupProbe),
    liveness: probe(main.livenessProbe),
    readiness: probe(main.readinessProbe),
    graceSeconds: pod.terminationGracePeriodSeconds,
    memoryMebibytes: Number(/^(\d+)Mi$/.exec(main.resources.limits.memory)?.[1]),
  };
}

function probe({ exec, periodSeconds, timeoutSeconds, failureThreshold }: Manifest): Probe {
  return { command: exec.command, periodSeconds: paced(periodSeconds), timeoutSeconds, failureThreshold };
}
