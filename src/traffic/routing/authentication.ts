import type { Problems } from '../../kernel/findings/problems';
import { Reader } from '../../kernel/schema/reader';
import { dnsSubdomain } from '../../kernel/schema/syntax';

/** Options of forward authentication. */
export interface ForwardAuthOptions {
  /**
   * Name of a Traefik `Middleware` of type `forwardAuth` or `basicAuth` in the namespace of the routing. It runs before
   * all other changes of the request.
   *
   * @default - the controller applies it by other means, such as an annotation or a policy object of its own
   */
  readonly middleware?: string;
}

/**
 * Who authenticates the users of a host. A host on the internet that states none is a warning.
 *
 * ```ts
 * new HttpRouting(chart, 'routing', {
 *   host: 'shop.example.com',
 *   tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
 *   authentication: Authentication.forwardAuth({ middleware: 'single-sign-on' }),
 *   controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
 *   routes: [{ path: '/', backend: frontend }],
 * });
 * ```
 */
export class Authentication {
  /** The backends do, such as with a login page or tokens. */
  public static byApp(): Authentication {
    return new Authentication('app');
  }

  /** The controller asks an authentication service before it forwards a request. */
  public static forwardAuth(options: ForwardAuthOptions = {}): Authentication {
    return new Authentication('forwardAuth', options);
  }

  /**
   * The controller requires certificates of clients. A `Gateway` of the app needs `clientCertificates` for it; other
   * controllers have settings of their own.
   */
  public static clientCertificates(): Authentication {
    return new Authentication('clientCertificates');
  }

  /** Nobody: the content is for everyone. */
  public static none(): Authentication {
    return new Authentication('none');
  }

  private constructor(
    /** @internal */ public readonly _kind: AuthenticationSettings['kind'],
    /** @internal */ public readonly _options: unknown = {},
  ) {}
}

export interface AuthenticationSettings {
  readonly kind: 'app' | 'forwardAuth' | 'clientCertificates' | 'none';
  /** Name of a Traefik Middleware. */
  readonly middleware?: string;
}

export function readAuthentication({ _kind, _options }: Authentication, problems: Problems): AuthenticationSettings {
  if (_kind !== 'forwardAuth') return { kind: _kind };
  const read = new Reader<ForwardAuthOptions>(problems, _options, 'authentication.');
  const middleware = read.optional('middleware', dnsSubdomain, undefined, {
    fix: 'Name a Middleware of the namespace: kubectl get middlewares.traefik.io',
  });
  read.refuseUnknown();
  return { kind: _kind, middleware };
}
