import type { IConstruct } from 'constructs';
import { readSecretName } from '../../config/references';
import type { ISecretRef } from '../../interop/references';
import type { Problems } from '../../kernel/findings/problems';
import { needSecret } from '../../kernel/model/required-secrets';
import { oneOf } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsSubdomain } from '../../kernel/schema/syntax';

/** A certificate that cert-manager requests and renews. Set exactly one issuer. */
export interface CertManagerOptions {
  /**
   * Name of a ClusterIssuer.
   *
   * @default - `issuer` is used
   */
  readonly clusterIssuer?: string;

  /**
   * Name of an Issuer in the namespace of the routing.
   *
   * @default - `clusterIssuer` is used
   */
  readonly issuer?: string;

  /**
   * Name of the Secret that cert-manager writes the certificate to.
   *
   * @default - the name of the routing and `-tls`; for a shared Gateway, the host and `-tls`
   */
  readonly secretName?: string;

  /**
   * How the issuer proves that the host is yours. With `http01`, cert-manager starts a pod and a Service in the
   * namespace of the routing. If that namespace denies all connections, the routing opens the pod for the ingress
   * controller.
   *
   * @default 'http01': an unused policy does no harm
   */
  readonly challenge?: 'http01' | 'dns01';

  /**
   * Type of the Service that cert-manager creates for `http01`: the `http01.ingress.serviceType` of the issuer.
   *
   * @default 'NodePort': the default of cert-manager
   */
  readonly solverService?: 'NodePort' | 'ClusterIP';
}

/**
 * Source of a host's certificate.
 *
 * ```ts
 * new HttpRouting(chart, 'routing', {
 *   host: 'shop.example.com',
 *   tls: Tls.secret(SecretRef.named('shop-certificate')),
 *   authentication: Authentication.byApp(),
 *   controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
 *   routes: [{ path: '/', backend: frontend }],
 * });
 * ```
 */
export class Tls {
  /** A certificate from cert-manager. */
  public static certManager(options: CertManagerOptions): Tls {
    return new Tls('certManager', options);
  }

  /** An existing Secret of type `kubernetes.io/tls`. */
  public static secret(secret: ISecretRef): Tls {
    return new Tls('secret', secret);
  }

  /** Plain HTTP: for a cluster on a laptop, or behind a proxy that terminates TLS. */
  public static none(): Tls {
    return new Tls('none', undefined);
  }

  /**
   * The certificate of a listener that the Gateway has already: one of the `listeners` of a `Gateway`, or the
   * `httpsListener` of an existing one.
   */
  public static ofGateway(): Tls {
    return new Tls('gateway', undefined);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'certManager' | 'secret' | 'none' | 'gateway',
    /** @internal */ public readonly _value: unknown,
  ) {}
}

/** A name for what a Gateway has for a host: its listener, and the Secret of its certificate. */
export function hostId(host: string): string {
  return host.replace(/^\*\./, 'wildcard--');
}

export interface TlsSettings {
  readonly secretName: string;
  /** Whether the Secret must already exist. */
  readonly external: boolean;
  readonly annotations: Record<string, string>;
  /** The Service of the solver, if cert-manager proves the host with a request. */
  readonly solver?: 'NodePort' | 'ClusterIP';
}

export function readTls(
  owner: IConstruct,
  tls: Tls,
  name: string,
  problems: Problems,
  prop = 'tls',
): TlsSettings | undefined {
  if (tls._kind === 'none' || tls._kind === 'gateway') return undefined;
  if (tls._kind === 'secret') {
    const secretName = readSecretName(owner, tls._value as ISecretRef, problems, prop);
    return secretName === undefined ? undefined : { secretName, external: true, annotations: {} };
  }
  const read = new Reader<CertManagerOptions>(problems, tls._value, `${prop}.`);
  const fix = { fix: 'Name the issuer: kubectl get clusterissuers,issuers' };
  const clusterIssuer = read.optional('clusterIssuer', dnsSubdomain, undefined, fix);
  const issuer = read.optional('issuer', dnsSubdomain, undefined, fix);
  read.conflict('clusterIssuer', 'issuer', { fix: 'Keep one' });
  if (!read.has('clusterIssuer') && !read.has('issuer')) {
    read.refuse('clusterIssuer', undefined, "a name, or 'issuer'", { rule: 'props/required', ...fix });
  }
  const secretName = read.optional('secretName', dnsSubdomain, `${name}-tls`);
  const challenge = read.optional('challenge', oneOf<'http01' | 'dns01'>('http01', 'dns01'), 'http01' as const);
  const service = read.optional(
    'solverService',
    oneOf<'NodePort' | 'ClusterIP'>('NodePort', 'ClusterIP'),
    'NodePort' as const,
  );
  read.refuseUnknown();
  const annotations: Record<string, string> =
    clusterIssuer === undefined
      ? { 'cert-manager.io/issuer': issuer ?? '' }
      : { 'cert-manager.io/cluster-issuer': clusterIssuer };
  return { secretName, external: false, annotations, solver: challenge === 'http01' ? service : undefined };
}

/** Requires the Secret of a certificate that comes from outside the app. */
export function needCertificate(user: IConstruct, tls: TlsSettings | undefined): void {
  if (!tls?.external) return;
  needSecret({ user, name: tls.secretName, type: 'kubernetes.io/tls', keys: ['tls.crt', 'tls.key'] });
}
