import type { Labels } from '../kernel/emit/labels';

/**
 * The labels of pods by which Istio puts its proxy into them.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
export const ISTIO_INJECT = 'sidecar.istio.io/inject';
export const ISTIO_REVISION = 'istio.io/rev';

/**
 * The annotation of pods that makes the proxy a native sidecar, which ends after the other containers, whatever Istio's
 * default is.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarNativeSidecar
 */
export const ISTIO_NATIVE = 'sidecar.istio.io/nativeSidecar';

/** Whether a mesh adds its proxy to pods of these labels. They may be added to until the synthesis. */
export function hasInjectedProxy(labels: Labels): boolean {
  return labels[ISTIO_INJECT] === 'true' || (labels[ISTIO_REVISION] !== undefined && labels[ISTIO_INJECT] !== 'false');
}
