import { Size } from 'cdk8s';

/**
 * All that may differ between environments, so that nothing else can. Images, probes, rollout, policies and security
 * are the same everywhere: what was tested is what runs.
 */
export interface Environment {
  readonly namespace: string;
  /** The file of a namespace that the platform has made; without it, the app makes the namespace. */
  readonly namespaceFile?: string;
  readonly host: string;
  readonly clusterIssuer: string;
  readonly entriesPerPage: number;
  readonly frontend: { readonly min: number; readonly max: number };
  readonly site: { readonly replicas: number };
  readonly redis: {
    readonly replicas: number;
    readonly maxMemory: Size;
    readonly storage: Size;
    readonly passwordVersion: string;
  };
}

export const environments = {
  dev: {
    namespace: 'journal-dev',
    host: 'journal.dev.example.com',
    clusterIssuer: 'letsencrypt-staging',
    entriesPerPage: 10,
    frontend: { min: 2, max: 3 },
    site: { replicas: 1 },
    redis: { replicas: 1, maxMemory: Size.mebibytes(64), storage: Size.gibibytes(1), passwordVersion: 'v1' },
  },
  prod: {
    namespace: 'journal-prod',
    host: 'journal.example.com',
    clusterIssuer: 'letsencrypt',
    entriesPerPage: 10,
    frontend: { min: 3, max: 10 },
    site: { replicas: 2 },
    redis: { replicas: 3, maxMemory: Size.mebibytes(256), storage: Size.gibibytes(10), passwordVersion: 'v1' },
  },
} satisfies Record<string, Environment>;
