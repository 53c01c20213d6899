import type { Problems } from '../kernel/findings/problems';
import type { ReclaimPolicy, StorageClassFacts, StorageFacts } from '../kernel/model/storage-facts';
import { boolean, listOf, mapOf, oneOf, structs } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel, dnsSubdomain } from '../kernel/schema/syntax';
import { AccessMode } from '../kubernetes/access-mode';
import { provisionerName } from '../kubernetes/volume-drivers';

/** A StorageClass that a cluster has. */
export interface ClusterStorageClass {
  /** Name of the class. */
  readonly name: string;

  /**
   * Its driver, the column PROVISIONER. That of a disk, such as `ebs.csi.aws.com`, supports one node only.
   *
   * @default - unknown: not checked
   */
  readonly provisioner?: string;

  /**
   * What happens to a volume when its claim is deleted, the column RECLAIMPOLICY.
   *
   * @default - unknown: not checked
   */
  readonly reclaim?: 'Retain' | 'Delete';

  /**
   * Whether its volumes can grow, the column ALLOWVOLUMEEXPANSION.
   *
   * @default - unknown: not checked
   */
  readonly expandable?: boolean;

  /**
   * The access modes that its volumes support.
   *
   * @default - all, or those of a disk if the driver is known as one
   */
  readonly accessModes?: AccessMode[];
}

/** The storage of a cluster: `kubectl get storageclasses` shows it. */
export interface ClusterStorage {
  /**
   * All StorageClasses of the cluster but those of the app. A claim that names another one is an error.
   *
   * @default - unknown: any name is accepted
   */
  readonly classes?: ClusterStorageClass[];

  /**
   * The class of each storage tier: `{ gold: 'io2', silver: 'gp3' }`. Blocks name a tier with `storageTier` (CH16-48).
   *
   * @default - none
   */
  readonly tiers?: { [tier: string]: string };

  /**
   * The class of claims that name none, with `(default)` in the list.
   *
   * @default - unknown: not checked
   */
  readonly defaultClass?: string;
}

const ACCESS_MODES = listOf(oneOf<AccessMode>(...Object.values(AccessMode)));
const TIERS = mapOf(dnsLabel(), dnsSubdomain);

export function readStorage(given: unknown, problems: Problems): StorageFacts {
  const read = new Reader<ClusterStorage>(problems, given, 'storage.');
  const classes = read
    .optional('classes', structs<ClusterStorageClass>('a ClusterStorageClass'), undefined, {
      fix: "List the classes, such as one with name: 'gp3', provisioner: 'ebs.csi.aws.com'",
    })
    ?.map((one, index) => readClass(one, problems, `storage.classes[${index}]`));
  const tiers = read.optional('tiers', TIERS, {}, { fix: "Map tiers to classes, such as 'gold' to 'io2'" });
  const defaultClass = read.optional('defaultClass', dnsSubdomain, undefined, {
    fix: "Write the name of the class with '(default)' in 'kubectl get storageclasses'",
  });
  read.refuseUnknown();
  if (classes !== undefined) refuseRepeated(classes, problems);
  return { classes, tiers, defaultClass };
}

function readClass(given: unknown, problems: Problems, path: string): StorageClassFacts {
  const read = new Reader<ClusterStorageClass>(problems, given, `${path}.`);
  const facts = {
    name: read.required('name', dnsSubdomain, '', { fix: "Write the name that 'kubectl get storageclasses' shows" }),
    provisioner: read.optional('provisioner', provisionerName, undefined, {
      fix: "Write the column PROVISIONER of 'kubectl get storageclasses'",
    }),
    reclaim: read.optional('reclaim', oneOf<ReclaimPolicy>('Retain', 'Delete'), undefined, {
      fix: "Write the column RECLAIMPOLICY of 'kubectl get storageclasses'",
    }),
    expandable: read.optional('expandable', boolean, undefined, { fix: 'Write true or false' }),
    accessModes: read.optional('accessModes', ACCESS_MODES, undefined, {
      fix: 'List what the documentation of the driver says, such as AccessMode.READ_WRITE_ONCE',
    }),
  };
  read.refuseUnknown();
  return facts;
}

function refuseRepeated(classes: readonly StorageClassFacts[], problems: Problems): void {
  classes.forEach(({ name }, index) => {
    if (name === '' || classes.findIndex((other) => other.name === name) === index) return;
    problems.refuse(`storage.classes[${index}].name`, name, 'each class once', {
      rule: 'props/conflict',
      fix: 'Remove one of the two entries',
    });
  });
}
