import type { Problems } from '../kernel/findings/problems';
import { dnsSubdomain } from '../kernel/schema/syntax';

/**
 * What a new volume contains from the start.
 *
 * ```ts
 * new VolumeClaim(chart, 'restored', {
 *   size: Size.gibibytes(10),
 *   accessMode: AccessMode.READ_WRITE_ONCE,
 *   from: ClaimSource.snapshot('pages-before-upgrade'),
 * });
 * ```
 */
export class ClaimSource {
  /** The data of the VolumeSnapshot with that name in the namespace. */
  public static snapshot(name: string): ClaimSource {
    return new ClaimSource('snapshot', name);
  }

  /** A copy of the volume of the PersistentVolumeClaim with that name in the namespace, if the driver clones. */
  public static claim(name: string): ClaimSource {
    return new ClaimSource('claim', name);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'snapshot' | 'claim',
    /** @internal */ public readonly _name: unknown,
  ) {}
}

export interface SourceSettings {
  readonly kind: 'snapshot' | 'claim';
  readonly name: string;
}

export function readClaimSource(
  { _kind, _name }: ClaimSource,
  problems: Problems,
  prop: string,
): SourceSettings | undefined {
  const name = dnsSubdomain.read(_name, (given, expected) => {
    problems.refuse(`${prop}.name`, given, expected, {
      rule: 'app/object-name',
      fix: `Write the name of the ${_kind}, or 'name' of its block`,
    });
  });
  return name === undefined ? undefined : { kind: _kind, name };
}

/** The `dataSource` of a claim. */
export function renderSource({ kind, name }: SourceSettings): object {
  return kind === 'claim'
    ? { kind: 'PersistentVolumeClaim', name }
    : { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name };
}
