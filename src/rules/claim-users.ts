import type { IConstruct } from 'constructs';
import { foreignAutoscalerOf } from '../foreign/autoscalers';
import { type ForeignObject, foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { namespaceOf } from '../kernel/model/names';
import { countAt, entries, list, part, textAt } from '../kernel/schema/manifest';
import { POD_KINDS, podTemplateOf } from '../kubernetes/pod-template';
import { type PodTemplate, type WorkloadFacts, workloadsOf } from '../pod/workload-facts';

/** A claim that pods mount. */
export interface MountedClaim {
  readonly name: string;
  readonly writes: boolean;
  /** The directories of the volume that the pods write: `''` for the whole. */
  readonly written: readonly string[];
}

/** A container that runs as long as its pod. */
export interface RunningContainer {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

/** The pods of a workload from any library, and their claims. */
export interface ClaimUser {
  /** The construct that reports findings. */
  readonly at: IConstruct;
  readonly place: string;
  readonly kind: string;
  /** Whether pods run until they are replaced, not to completion. */
  readonly runsOn: boolean;
  /** The most pods at a time outside a rollout. */
  readonly most: number;
  /** Whether a new pod starts before an old one has stopped. */
  readonly overlaps: boolean;
  readonly containers: readonly RunningContainer[];
  readonly claims: readonly MountedClaim[];
  /** The classes of the claims that each pod has of its own. */
  readonly templates: ReadonlyArray<{ readonly storageClass?: string }>;
  /** Whether a volume keeps data that no claim stands for, such as one of NFS. */
  readonly keepsElsewhere: boolean;
  readonly foreign?: ForeignObject;
}

/** Volumes whose content is lost with the pod, or is not its own. Those of the node count where the pod writes. */
const NOT_KEPT =
  /^(name|configMap|downwardAPI|emptyDir|ephemeral|hostPath|image|persistentVolumeClaim|projected|secret)$/;

function keepsData(volume: unknown): boolean {
  return entries(volume).some(([type]) => !NOT_KEPT.test(type));
}

/** All workloads of an app with pods. */
export function claimUsers(view: PassView): readonly ClaimUser[] {
  return view.derive(readUsers);
}

function readUsers(view: PassView): ClaimUser[] {
  const facts = new Map(workloadsOf(view).map((one) => [one.construct, one]));
  return [
    ...view.all('podTemplate').map((template) => ofBlock(template, facts.get(template.owner))),
    ...foreignOf(view, ...POD_KINDS).flatMap((object) => ofForeign(view, object)),
  ];
}

function runsOn(kind: string): boolean {
  return kind !== 'Job' && kind !== 'CronJob';
}

function ofBlock({ owner, kind, pod }: PodTemplate, facts: WorkloadFacts | undefined): ClaimUser {
  const names = new Map(
    pod.volumes.flatMap(({ name, source }) => {
      const claim = textAt(source, 'persistentVolumeClaim', 'claimName');
      return claim === undefined ? [] : [[name, claim] as const];
    }),
  );
  const mounts = pod.containers.flatMap((container) => container.mounts);
  return {
    at: owner,
    place: placeOf(clusterOf(owner).name, namespaceOf(owner)),
    kind,
    runsOn: runsOn(kind),
    most: facts?.most ?? 1,
    overlaps: (facts?.surge ?? 0) > 0,
    containers: pod.containers.filter(({ role }) => role === 'main'),
    claims: mountedClaims(
      [...names].map(([volume, name]) => ({ volume, name })),
      mounts,
    ),
    templates: pod.claims,
    keepsElsewhere: pod.volumes.some(({ name, source }) => keepsData(source) || isOfNode(source, name, mounts)),
  };
}

interface Mount {
  readonly volume?: string;
  readonly subPath?: string;
  readonly readOnly: boolean;
}

/** Whether a volume is a directory of the node that a mount writes. */
function isOfNode(volume: unknown, name: string | undefined, mounts: readonly Mount[]): boolean {
  return part(volume, 'hostPath') !== undefined && mounts.some((mount) => mount.volume === name && !mount.readOnly);
}

function mountedClaims(
  volumes: ReadonlyArray<{ readonly volume: string; readonly name: string }>,
  mounts: readonly Mount[],
): MountedClaim[] {
  // several volumes of a pod may be one claim
  return [...groupBy(volumes, ({ name }) => name)].map(([name, ofClaim]) => {
    const written = mounts
      .filter((mount) => !mount.readOnly && ofClaim.some(({ volume }) => volume === mount.volume))
      .map(({ subPath = '' }) => subPath);
    return { name, writes: written.length > 0, written };
  });
}

function ofForeign(view: PassView, object: ForeignObject): ClaimUser[] {
  const { at, place, kind, wire } = object;
  const spec = part(podTemplateOf(wire)?.pod, 'spec');
  if (spec === undefined) return [];
  const volumes = list(part(spec, 'volumes')).flatMap((volume) => {
    const [name, claim] = [textAt(volume, 'name'), textAt(volume, 'persistentVolumeClaim', 'claimName')];
    const isReadOnly = part(volume, 'persistentVolumeClaim', 'readOnly') === true;
    return name === undefined || claim === undefined ? [] : [{ volume: name, name: claim, isReadOnly }];
  });
  const mounts = [...list(part(spec, 'initContainers')), ...list(part(spec, 'containers'))]
    .flatMap((container) => list(part(container, 'volumeMounts')))
    .map((mount): Mount => {
      const volume = textAt(mount, 'name');
      const isReadOnly = volumes.some((one) => one.volume === volume && one.isReadOnly);
      const subPath = textAt(mount, 'subPath') ?? textAt(mount, 'subPathExpr');
      return { volume, subPath, readOnly: isReadOnly || part(mount, 'readOnly') === true };
    });
  return [
    {
      at,
      place,
      kind,
      runsOn: runsOn(kind),
      most: mostPods(view, object),
      overlaps: kind === 'Deployment' && textAt(wire, 'spec', 'strategy', 'type') !== 'Recreate',
      containers: list(part(spec, 'containers')).flatMap(readContainer),
      claims: mountedClaims(volumes, mounts),
      templates: list(part(wire, 'spec', 'volumeClaimTemplates')).map((template) => {
        const stated = part(template, 'spec', 'storageClassName');
        return typeof stated === 'string' ? { storageClass: stated } : {};
      }),
      keepsElsewhere: list(part(spec, 'volumes')).some(
        (volume) => keepsData(volume) || isOfNode(volume, textAt(volume, 'name'), mounts),
      ),
      foreign: object,
    },
  ];
}

function readContainer(container: unknown): RunningContainer[] {
  const [name, image] = [textAt(container, 'name'), textAt(container, 'image')];
  if (name === undefined || image === undefined) return [];
  const [command, args] = ['command', 'args'].map((field) =>
    list(part(container, field)).filter((word) => typeof word === 'string'),
  );
  return [{ name, image, ...(command.length === 0 ? {} : { command }), args }];
}

function mostPods(view: PassView, { at, kind, wire }: ForeignObject): number {
  if (kind === 'DaemonSet') return Infinity;
  const counts = [
    countAt(wire, 'spec', 'replicas'),
    countAt(wire, 'spec', 'parallelism'),
    countAt(wire, 'spec', 'jobTemplate', 'spec', 'parallelism'),
    at.kind === kind ? foreignAutoscalerOf(view, at)?.horizontal?.max : undefined,
  ].flatMap((count) => count ?? []);
  return counts.length === 0 ? 1 : Math.max(...counts);
}
