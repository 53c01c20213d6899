/** A bundle of the CRDs of the Gateway API, as a cluster has it. */
export interface GatewayBundle {
  /** The minor version: 5 for 1.5. */
  readonly minor: number;
  readonly channel: GatewayChannel;
  /** What the controller says that it implements, in `status.supportedFeatures` of its GatewayClass, if it is known. */
  readonly features?: readonly string[];
}

export type GatewayChannel = 'standard' | 'experimental';

/** Without a profile: what every cluster with a maintained controller has. */
export const OLDEST_BUNDLE: GatewayBundle = { minor: 2, channel: 'standard' };

interface Since {
  /** The first minor version with the field, by channel. */
  readonly standard: number;
  readonly experimental: number;
}

const ALWAYS: Since = { standard: OLDEST_BUNDLE.minor, experimental: OLDEST_BUNDLE.minor };

/**
 * The features that we write, under their names in `sigs.k8s.io/gateway-api/pkg/features`, and the CRDs that have their
 * fields: those of 1.2.1, 1.3.0, 1.4.1, 1.5.1, 1.6.3 and 1.7.0.
 */
const FEATURES = {
  HTTPRoute: ALWAYS,
  HTTPRouteSchemeRedirect: ALWAYS,
  HTTPRoutePathRewrite: ALWAYS,
  HTTPRouteResponseHeaderModification: ALWAYS,
  HTTPRouteRequestTimeout: ALWAYS,
  HTTPRouteRequestMirror: ALWAYS,
  HTTPRouteRequestPercentageMirror: { standard: 3, experimental: 2 },
  HTTPRouteCORS: { standard: 5, experimental: 3 },
  GRPCRoute: ALWAYS,
  TLSRoute: { standard: 5, experimental: 5 },
  ReferenceGrant: ALWAYS,
  GatewayFrontendClientCertificateValidation: { standard: 5, experimental: 4 },
} satisfies Record<string, Since>;

export type GatewayFeature = keyof typeof FEATURES;

/**
 * What every implementation has, and may leave out of its list: the core of a kind, which conformance tests require.
 *
 * @see https://gateway-api.sigs.k8s.io/concepts/conformance/
 */
const CORE: readonly GatewayFeature[] = ['HTTPRoute', 'ReferenceGrant'];

/** The first minor version whose CRDs have the feature in this channel. */
export function firstMinorWith(feature: GatewayFeature, channel: GatewayChannel): number {
  return FEATURES[feature][channel];
}

/** Whether the CRDs of the bundle have the fields of the feature. */
export function hasFields({ minor, channel }: GatewayBundle, feature: GatewayFeature): boolean {
  return minor >= firstMinorWith(feature, channel);
}

/** Whether the controller implements the feature, as far as it is known. */
export function isImplemented({ features }: GatewayBundle, feature: GatewayFeature): boolean {
  return features === undefined || CORE.includes(feature) || features.includes(feature);
}

/** Limits of the CRDs. */
export const MOST_RULES = 16;
export const MOST_LISTENERS = 64;
export const LONGEST_PATH = 1024;

/** Characters of a path; the API server refuses others. */
export const GATEWAY_PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';
