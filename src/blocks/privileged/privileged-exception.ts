/** Why something is needed. */
export interface ExceptionOptions {
  /** The reason, for those who review it: at least 10 characters. It is written into the manifests. */
  readonly reason: string;
}

/** A directory or file of the node. */
export interface HostPathOptions extends ExceptionOptions {
  /**
   * Where it is in the container.
   *
   * @default - `/host` and the path
   */
  readonly mountPath?: string;

  /**
   * Whether the container may write there.
   *
   * @default false
   */
  readonly writable?: boolean;

  /**
   * What must be there. The pod does not start otherwise; nothing is created.
   *
   * @default 'Directory'
   */
  readonly type?: 'Directory' | 'File' | 'Socket';

  /**
   * Says that you know: with this path, the container is master of the node and of all that runs there. Needed for `/`,
   * sockets of container runtimes, of systemd and of D-Bus, `/etc/kubernetes`, `/var/lib/kubelet`, `/proc`, `/dev` and
   * the like, and, when it is writable, for what the node runs as root, such as `/etc` and `/usr`.
   *
   * @default false: such a path is an error
   */
  readonly handsOverNode?: boolean;
}

export type ExceptionKind = 'capabilities' | 'hostNetwork' | 'hostProcesses' | 'hostPath' | 'rootUser' | 'privileged';

/**
 * One thing that a `PrivilegedWorkload` may do and other workloads may not, with the reason (CH10-29).
 *
 * ```ts
 * const agents = new Chart(app, 'log-agent', { namespace: 'log-agent' });
 * new PrivilegedWorkload(agents, 'agent', {
 *   image: 'ghcr.io/acme/log-agent:3.1.0',
 *   owner: 'platform@example.com',
 *   exceptions: [PrivilegedException.hostPath('/var/log/pods', { reason: 'Reads the logs of all pods of the node' })],
 * });
 * ```
 */
export class PrivilegedException {
  /**
   * Capabilities of Linux for the main container, beyond none. They have an effect for root only: `rootUser` is needed,
   * too.
   *
   * @param names names without `CAP_`, such as `NET_ADMIN`; never `ALL`
   * @param options why
   */
  public static capabilities(names: string[], options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('capabilities', names, options);
  }

  /**
   * The network of the node, with its addresses and ports. Network policies neither hold for such pods nor find them as
   * a peer: whom they connect to lets in the addresses of the nodes, with `Peer.cidr(...)`.
   */
  public static hostNetwork(options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('hostNetwork', undefined, options);
  }

  /** All processes of the node can be seen. */
  public static hostProcesses(options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('hostProcesses', undefined, options);
  }

  /**
   * A directory or file of the node, read-only unless told.
   *
   * @param path absolute path on the node
   * @param options why, and how it is mounted
   */
  public static hostPath(path: string, options: HostPathOptions): PrivilegedException {
    return new PrivilegedException('hostPath', path, options);
  }

  /** The main container runs as root, without capabilities but those of another exception. */
  public static rootUser(options: ExceptionOptions): PrivilegedException {
    return new PrivilegedException('rootUser', undefined, options);
  }

  /**
   * All capabilities and all devices: the last resort. The container is master of the node. It needs `rootUser`: a
   * process of another user has no capabilities in a privileged container either.
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
