import type { Size } from 'cdk8s';
import type { Mounting } from './mounting';
import { boolean, bytes, oneOf, structs } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { absolutePath, dnsLabel, relativePath } from '../kernel/schema/syntax';
import { AccessMode } from '../kubernetes/access-mode';
import { MEBIBYTE } from '../kubernetes/quantity';
import type { Site } from '../parts/site';
import { type ClaimClassProps, readClaimClass } from '../pod/claim-class';
import { nameContainers, namesOf } from '../pod/volumes';

/** A claim that each member has of its own. */
export interface MemberClaim extends ClaimClassProps {
  /**
   * Name of the claim in the pod: at most 63 lower-case letters, digits and `-`. The claims of the cluster are called
   * `NAME-POD`, such as `data-shop-db-0`. Another name gives each member an empty volume.
   *
   * @default 'data'
   */
  readonly name?: string;

  /** Directory of the volume in the containers. */
  readonly path: string;

  /**
   * Size of each volume; at least 1 MiB. Most storage classes can only enlarge it later, with the steps in
   * docs/stateful.md.
   */
  readonly size: Size;

  /**
   * Who may mount each volume. With `READ_WRITE_ONCE_POD`, which needs a CSI driver, a second pod of the same name
   * never writes beside the first one (CH16-42). A volume that is read only has no use here: mount it with `mount`.
   *
   * @default AccessMode.READ_WRITE_ONCE: pods of one node
   */
  readonly accessMode?: AccessMode;

  /**
   * Directory of the volume to mount instead of its root, such as `pgdata`: file systems of disks have `lost+found` at
   * their root, which some databases refuse.
   *
   * @default - the root
   */
  readonly subPath?: string;

  /**
   * Names of the containers that get the mount.
   *
   * @default - the main container
   */
  readonly containers?: string[];

  /**
   * Allows a path where images have files of their own: the mount hides them all.
   *
   * @default false
   */
  readonly hidesImageFiles?: boolean;
}

const CLAIMS = structs<MemberClaim>('a claim');
const NAME = dnsLabel();
const SIZE = bytes(MEBIBYTE);
const ACCESS_MODE = oneOf<AccessMode>(
  AccessMode.READ_WRITE_ONCE,
  AccessMode.READ_WRITE_ONCE_POD,
  AccessMode.READ_WRITE_MANY,
);

/** A claim whose mounts are read when all containers exist. */
export interface ReadClaim {
  readonly name: string;
  readonly path: string;
  /** The path of its props. */
  readonly prop: string;
  readonly read: Reader<MemberClaim>;
}

/** Reads the claims of each pod, and adds them to the pods. `mountClaims` mounts them. */
export function readClaims({ read, owner, problems, pod }: Site<{ readonly claims?: MemberClaim[] }>): ReadClaim[] {
  const given = read.optional('claims', CLAIMS, [], {
    fix: "List claims, such as one with path: '/data', size: Size.gibibytes(10)",
  });
  return given.map((one, index) => {
    const prop = `claims[${index}]`;
    const claim = new Reader<MemberClaim>(problems, one, `${prop}.`);
    const name = claim.optional('name', NAME, 'data');
    if (pod.claims.some((other) => other.name === name) && claim.isSound('name')) {
      claim.refuse('name', name, 'a name that no other claim has', {
        rule: 'props/duplicate',
        fix: "Name each claim after its content, such as 'data' and 'log'",
      });
    }
    const settings = {
      name,
      bytes: claim.required('size', SIZE, MEBIBYTE, {
        fix: 'Set the size of one volume, such as Size.gibibytes(10)',
        practice: 'CH16-09',
      }),
      accessMode: claim.optional('accessMode', ACCESS_MODE, AccessMode.READ_WRITE_ONCE, {
        fix: 'Write AccessMode.READ_WRITE_ONCE, the default, READ_WRITE_ONCE_POD or READ_WRITE_MANY',
      }),
    };
    pod.claims.push(readClaimClass(owner, claim, settings, `${prop}.`));
    const path = claim.required('path', absolutePath, '/invalid', {
      fix: "Write the directory of the data, such as '/var/lib/postgresql/data'",
    });
    return { name, path, prop, read: claim };
  });
}

/** Mounts the claims. All containers must exist. */
export function mountClaims(
  { pod: { containers }, mounting }: Site & { readonly mounting: Mounting },
  claims: readonly ReadClaim[],
): void {
  const names = containers.map(({ name }) => name);
  for (const { name, path, prop, read } of claims) {
    const request = {
      path,
      subPath: read.optional('subPath', relativePath, undefined, {
        fix: "Write the directory below the root of the volume, such as 'pgdata'",
      }),
      containers: read.optional('containers', namesOf(names), undefined, nameContainers(names)),
      hidesImageFiles: read.optional('hidesImageFiles', boolean, false),
    };
    read.refuseUnknown();
    if (read.isSound('path', 'name')) mounting.mountClaim(name, request, prop);
  }
}
