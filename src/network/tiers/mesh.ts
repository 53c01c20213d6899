import type { Problems } from '../../kernel/findings/problems';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel } from '../../kernel/schema/syntax';
import { ISTIO_INJECT, ISTIO_REVISION } from '../injected-proxy';
import type { PolicyRule } from '../network-policy';

/** Installation of Istio. */
export interface IstioOptions {
  /**
   * Revision of the control plane, if there are several: at most 63 lower-case letters, digits and `-`.
   *
   * @default - the default revision
   */
  readonly revision?: string;

  /**
   * Namespace of the control plane.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;
}

/**
 * A service mesh that injects its proxy into pods by label. The pods get egress to its control plane, without which the
 * proxies would not start. Network policies keep using the ports of the application.
 *
 * Linkerd is not supported: it carries some protocols over one port of its proxy, which opens all ports of the pod.
 */
export class Mesh {
  /**
   * Istio with sidecars. Its init container needs capabilities that Pod Security `restricted` refuses: install Istio's
   * CNI plugin. Pods of jobs complete only if the proxy is a native sidecar.
   *
   * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
   */
  public static istio(options: IstioOptions = {}): Mesh {
    return new Mesh(options);
  }

  private constructor(/** @internal */ public readonly _options: unknown) {}
}

export interface MeshSettings {
  /** Of the pods. */
  readonly labels: Record<string, string>;
  readonly controlPlane: PolicyRule;
}

/** The port of istiod for configuration and certificates, with TLS. */
const ISTIOD_PORT = 15012;

export function readMesh(mesh: Mesh, problems: Problems): MeshSettings {
  const read = new Reader<IstioOptions>(problems, mesh._options, 'mesh.');
  const revision = read.optional('revision', dnsLabel(), undefined, {
    fix: "Write the revision that 'istioctl tag list' shows",
  });
  const namespace = read.optional('namespace', dnsLabel(), 'istio-system');
  read.refuseUnknown();
  return {
    labels: revision === undefined ? { [ISTIO_INJECT]: 'true' } : { [ISTIO_REVISION]: revision },
    controlPlane: {
      peers: [{ kind: 'pods', labels: { app: 'istiod' }, namespace }],
      ports: [{ port: ISTIOD_PORT, protocol: 'TCP' }],
    },
  };
}
