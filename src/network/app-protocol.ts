import { type Check, instance } from '../kernel/schema/checks';
import { labelKey } from '../kernel/schema/syntax';

const H2C = 'kubernetes.io/h2c';

/**
 * The protocol that a port speaks over TCP. The Service states it in `appProtocol`, which meshes, gateways and load
 * balancers read.
 *
 * ```ts
 * new WebService(chart, 'cart', {
 *   image: 'ghcr.io/acme/cart:1.4.2',
 *   port: 9000,
 *   appProtocol: AppProtocol.grpc(),
 *   readiness: Probe.grpc(),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol
 */
export class AppProtocol {
  /**
   * gRPC without TLS: HTTP/2 from the first byte. Rules about long-lived connections apply to such a port.
   *
   * @param name what the Service states: `kubernetes.io/h2c` is the standard, and some meshes know `grpc`
   */
  public static grpc(name: string = H2C): AppProtocol {
    return new AppProtocol(name, true);
  }

  /** HTTP/2 without TLS and without an upgrade: `kubernetes.io/h2c`. */
  public static http2(): AppProtocol {
    return new AppProtocol(H2C, false);
  }

  /** HTTP/1.1 without TLS. */
  public static http(): AppProtocol {
    return new AppProtocol('http', false);
  }

  /** HTTP over TLS, which the process ends itself. */
  public static https(): AppProtocol {
    return new AppProtocol('https', false);
  }

  /** WebSocket without TLS: `kubernetes.io/ws`. */
  public static webSocket(): AppProtocol {
    return new AppProtocol('kubernetes.io/ws', false);
  }

  /** Another protocol: a name that IANA has registered, such as `amqp`, or `example.com/name`. */
  public static of(name: string): AppProtocol {
    return new AppProtocol(name, name === 'grpc');
  }

  private constructor(
    /** The name in the Service. */
    public readonly name: string,
    /** Whether it is gRPC, whose connections live long. */
    public readonly isGrpc: boolean,
  ) {}
}

const known = instance(AppProtocol, 'an AppProtocol, e.g. AppProtocol.grpc()');

export const appProtocol: Check<AppProtocol> = {
  expected: known.expected,
  read(value, refuse) {
    const given = known.read(value, refuse);
    const name =
      given &&
      labelKey.read(given.name, (wrong) =>
        refuse(wrong, "the name of a protocol, such as 'amqp' or 'example.com/name'", '.name'),
      );
    return name === undefined ? undefined : given;
  },
};
