/**
 * Prefixes of the annotations that external-dns reads: from version 0.22 on, and before. By default, it reads one.
 */
const PREFIXES = ['external-dns.kubernetes.io', 'external-dns.alpha.kubernetes.io'];

/**
 * Annotations of a Service for a host name: `hostname` for its address outside of the cluster, `internal-hostname` for
 * its ClusterIP, which external-dns otherwise registers only with `--publish-internal-services`.
 *
 * @see https://github.com/kubernetes-sigs/external-dns/releases/tag/v0.22.0
 */
export function externalDns(
  annotation: 'hostname' | 'internal-hostname',
  host: string | undefined,
): Record<string, string> {
  return host === undefined ? {} : Object.fromEntries(PREFIXES.map((prefix) => [`${prefix}/${annotation}`, host]));
}
