import type { SecretKeyRef } from '../interop/references';
import type { Wait } from '../pod/wait';

/** Options of a connection for its client. */
export interface ConnectOptions {
  /**
   * Prefix of the variables: at most 100 upper-case letters, digits and `_`, starting with a letter.
   *
   * @default - the id of the target: `REDIS` for `redis`, `SESSION_CACHE` for `session-cache`
   */
  readonly prefix?: string;

  /**
   * Name of one variable with `HOST:PORT`, for a process that reads both from one. It takes the place of `<ID>_HOST`,
   * `<ID>_PORT` and `<ID>_READ_HOST`.
   *
   * @default - host and port in variables of their own
   */
  readonly address?: string;

  /**
   * Name of the port to connect to, for a target with several.
   *
   * @default - the main port
   */
  readonly port?: string;

  /**
   * Whether the client balances requests itself, as gRPC clients with `round_robin` do: it gets the name of the
   * headless Service, and the port of the pods. The target needs `service: { headless: true }`.
   *
   * @default false: the virtual address of the Service, which balances connections
   */
  readonly headless?: boolean;

  /**
   * Names of the containers that get the variables and the password. The network policy opens the whole pod.
   *
   * @default - the main container
   */
  readonly containers?: string[];

  /**
   * Key of a Secret with the password. Set it for a target in another namespace, whose Secret the client cannot mount.
   *
   * @default - the Secret of the target
   */
  readonly password?: SecretKeyRef;

  /**
   * A container that waits until the target answers, before all other containers but sidecars start. It gets the
   * variables and the password as well.
   *
   * @default - none: the process itself tries again until the target answers, at its start and later
   */
  readonly wait?: Wait;
}
