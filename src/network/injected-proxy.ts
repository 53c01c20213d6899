import type { Labels } from '../kernel/emit/labels';

/**
 * The pod label that makes Istio inject its proxy.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
export const ISTIO_INJECT = 'sidecar.istio.io/inject';
export const ISTIO_REVISION = 'istio.io/rev';

/**
 * The pod annotation that makes the proxy a native sidecar, which ends after the other containers, whatever Istio's
 * default is.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarNativeSidecar
 */
export const ISTIO_NATIVE = 'sidecar.istio.io/nativeSidecar';

/** Whether a mesh injects its proxy into pods with these labels. The labels may grow until synthesis. */
export function hasInjectedProxy(labels: Labels): boolean {
  return labels[ISTIO_INJECT] === 'true' || (labels[ISTIO_REVISION] !== undefined && labels[ISTIO_INJECT] !== 'false');
}
