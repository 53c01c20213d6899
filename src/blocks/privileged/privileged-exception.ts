/** The reason of an exception. */
export interface ExceptionOptions {
  /** The reason, for reviewers: at least 10 characters. It becomes an annotation in the manifests. */
  readonly reason: string;
}

/** A directory or file of the node. */
export interface HostPathOptions extends ExceptionOptions {
  /**
   * Path in the container.
   *
   * @default - `/host` and the path
   */
  readonly mountPath?: string;

  /**
   * Whether the container may write to it.
   *
   * @default false
   */
  readonly writable?: boolean;

  /**
   * The expected type. If it does not exist, the pod does not start; nothing is created.
   *
   * @default 'Directory'
   */
  readonly type?: 'Directory' | 'File' | 'Socket';

  /**
   * Acknowledges that this path gives the container control of the node and of everything on it. Required for `/`,
   * sockets of container runtimes, of systemd and of D-Bus, `/etc/kubernetes`, `/var/lib/kubelet`, `/proc`, `/dev` and
   * similar paths. If writable, also for paths that the node runs as root, such as `/etc` and `/usr`.
   *
   * @default false: such a path is an error
   */
  readonly handsOverNode?: boolean;
}

export type ExceptionKind = 'capabilities' | 'hostNetwork' | 'hostProcesses' | 'hostPath' | 'rootUser' | 'privileged';

/** An exception to Pod Security for a `PrivilegedWorkload`, with its reason (CH10-29). */
export class PrivilegedException {
  /**
   * Linux capabilities of the main container, which has none by default. They are effective only for root: add
   * `rootUser`.
   *
   * @param names names without `CAP_`, such as `NET_ADMIN`; never `ALL`
   * @param options the reason
   */
  public static capabilities(names: string[], options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('capabilities', names, options);
  }

  /**
   * The host network, with the addresses and ports of the node. Network policies do not apply to such pods, and cannot
   * select them as a peer: servers must allow the node addresses with `Peer.cidr(...)`.
   */
  public static hostNetwork(options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('hostNetwork', undefined, options);
  }

  /** The host PID namespace: the pod sees all processes of the node. */
  public static hostProcesses(options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('hostProcesses', undefined, options);
  }

  /**
   * A directory or file of the node, read-only by default.
   *
   * @param path absolute path on the node
   * @param options the reason, and how it is mounted
   */
  public static hostPath(path: string, options: HostPathOptions): PrivilegedException {
    return new PrivilegedException('hostPath', path, options);
  }

  /** Runs the main container as root, without capabilities except those of another exception. */
  public static rootUser(options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('rootUser', undefined, options);
  }

  /**
   * All capabilities and all devices, as a last resort. The container controls the node. It needs `rootUser`: other
   * users have no capabilities even in a privileged container.
   */
  public static privileged(options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('privileged', undefined, options);
  }

  private constructor(
    /** @internal */ public readonly _kind: ExceptionKind,
    /** @internal */ public readonly _value: unknown,
    /** @internal */ public readonly _options: unknown,
  ) {}
}
