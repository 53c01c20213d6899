import { boolean, isPlain } from '../foundation/checks';
import type { Problems } from '../foundation/problems';
import { Reader } from '../foundation/reader';
import { dnsSubdomain } from '../foundation/syntax';
import { type IPeer, Peer } from '../network/peer';

/** What every ingress controller has. */
export interface IngressControllerOptions {
  /** Name of its IngressClass. Without a class, no controller or any could take the Ingress (CH01-25). */
  readonly className: string;

  /**
   * Whether it is Traefik 3, which the typed rewrite of a route needs.
   *
   * @default - true for the class name 'traefik'
   */
  readonly traefik?: boolean;
}

/** An ingress controller that runs as pods. */
export interface IngressControllerPodOptions extends IngressControllerOptions {
  /**
   * Labels of its pods.
   *
   * @default - all pods of the namespace
   */
  readonly podLabels?: { [label: string]: string };
}

/**
 * An ingress controller that is on the cluster already. It names the class, and where the requests come from: the
 * network policies of the backends are opened for that source only.
 */
export class IngressController implements IPeer {
  /** A controller whose pods run in a namespace. */
  public static inNamespace(namespace: string, options: IngressControllerPodOptions): IngressController {
    const { podLabels, ...rest } = given<IngressControllerPodOptions>(options);
    return new IngressController(Peer.pods({ namespace, labels: podLabels }), rest);
  }

  /** A controller on the host network, or a load balancer of the cloud: requests come from these ranges. */
  public static fromCidrs(ranges: string[], options: IngressControllerOptions): IngressController {
    const peers = Array.isArray(ranges) ? ranges.map((range) => Peer.cidr(range)) : [Peer.cidr(ranges)];
    return new IngressController(Peer.anyOf(...peers), given(options));
  }

  private constructor(private readonly peer: Peer, /** @internal */ public readonly _options: unknown) {}

  /** Where the requests come from. */
  public toPeer(): Peer {
    return this.peer;
  }
}

export interface ControllerSettings {
  readonly className: string;
  readonly traefik: boolean;
}

export function readController(controller: IngressController, problems: Problems): ControllerSettings {
  const read = new Reader<IngressControllerOptions>(problems, controller._options, 'controller.');
  const className = read.required('className', dnsSubdomain, 'invalid', { fix: "Name the IngressClass: kubectl get ingressclass", practice: 'CH01-25' });
  const settings = { className, traefik: read.optional('traefik', boolean, className === 'traefik', { fix: 'Leave it out' }) };
  read.refuseUnknown();
  return settings;
}

/** JavaScript callers may leave the options out; the missing class name is then reported by the block. */
function given<T extends object>(options: T | undefined): T {
  return isPlain(options) ? options as T : {} as T;
}
