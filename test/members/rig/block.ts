import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { parseAllDocuments } from 'yaml';
import { hastened, paced } from './pace';
import { Redis } from '../../../src';
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
}

/** Names of the Secrets with the passwords of a block. */
export interface Passwords {
  readonly password: string;
  readonly alsoAccepts?: string;
}

/** What the library writes today. */
export function synthesized(replicas = 3, { password, alsoAccepts }: Passwords = { password: 'redis-passwd' }): Block {
  return blockOf(synth((chart) => {
    const key = (name: string) => ({ secret: Secret.fromSecretName(chart, name, name), key: 'passwd' });
    new Redis(chart, 'redis', {
      name: 'store',
      password: key(password),
      ...(alsoAccepts === undefined ? {} : { alsoAccepts: key(alsoAccepts) }),
      storage: Size.gibibytes(1),
      maxMemory: Size.mebibytes(16),
      replicas,
    });
  }));
}

/** What it wrote before. */
export function earlierRelease(): Block {
  return blockOf(parseAllDocuments(readFileSync(join(__dirname, '..', 'earlier-release.yaml'), 'utf8')).map((document) => document.toJS() as Manifest));
}

function blockOf(manifests: Manifest[]): Block {
  const { metadata, spec } = only(manifests, 'StatefulSet');
  const { data } = only(manifests, 'ConfigMap');
  const pod = spec.template.spec;
  const [main] = pod.containers;
  const secretOf = (volume: string): string | undefined => pod.volumes.find(({ name }: Manifest) => name === volume)?.secret?.secretName;
  const mounted = main.volumeMounts.map(({ mountPath, name }: Manifest) => [mountPath.slice(SECRETS.length), secretOf(name)]);
  return {
    name: metadata.name,
    service: spec.serviceName,
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
  };
}

function probe({ exec, periodSeconds, timeoutSeconds, failureThreshold }: Manifest): Probe {
  return { command: exec.command, periodSeconds: paced(periodSeconds), timeoutSeconds, failureThreshold };
}
