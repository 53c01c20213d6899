import type { IConstruct } from 'constructs';
import type { PodSettings, UsedFeatures } from './pod-settings';
import { AppModel } from '../kernel/facts/app-model';
import { clusterOf, type NodeFeature } from '../kernel/model/cluster-facts';
import { boolean, oneOf } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';

/** Props of pods that depend on what the nodes can. */
export interface NodeFeatureProps {
  /**
   * Whether the pods run in a user namespace (`hostUsers: false`): root in a container, or an escape from it, is then
   * an unprivileged user of the node. A volume needs a file system with ID-mapped mounts: ext4, XFS and Btrfs have
   * them, many network file systems do not. With `true`, the `ClusterProfile` must state `nodeFeatures`.
   *
   * @default - true where the `ClusterProfile` states it in `nodeFeatures`, except for pods with a `runtimeClass`,
   * exceptions, or volumes other than ConfigMaps, Secrets and empty directories; otherwise false
   * @see https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
   */
  readonly userNamespace?: boolean;

  /**
   * Whether processes also get the groups that `/etc/group` of the image gives their user (`Merge`), or only those that
   * the pod states (`Strict`). With `Strict`, the `ClusterProfile` must state `nodeFeatures`.
   *
   * @default - 'Strict' where the `ClusterProfile` states it in `nodeFeatures`, otherwise 'Merge'
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#supplementalgroupspolicy
   */
  readonly supplementalGroupsPolicy?: 'Strict' | 'Merge';
}

/** What the caller states; nothing where the cluster decides. */
export interface StatedFeatures {
  readonly userNamespace?: boolean;
  readonly strictGroups?: boolean;
}

const GROUPS = oneOf<'Strict' | 'Merge'>('Strict', 'Merge');

/** `sharesHost`: whether the pods share a namespace of the node. */
export function readNodeFeatures(
  owner: IConstruct,
  read: Reader<NodeFeatureProps>,
  sharesHost: boolean,
): StatedFeatures | undefined {
  const userNamespace = read.optional('userNamespace', boolean, undefined, { fix: 'Write true or false' });
  const groups = read.optional('supplementalGroupsPolicy', GROUPS, undefined, {
    fix: "Write 'Merge' for an image whose processes need the groups of /etc/group",
  });
  if (userNamespace === undefined && groups === undefined) return undefined;
  if (userNamespace && sharesHost) {
    read.refuse('userNamespace', true, 'false for pods that share a namespace of the node', {
      rule: 'props/conflict',
      fix: 'Remove it, or the exceptions hostNetwork and hostProcesses: the API server refuses both together',
    });
  }
  const state = (prop: string, value: true | 'Strict', feature: NodeFeature): void =>
    AppModel.of(owner).add('nodeFeature', { owner, prop, value, feature });
  if (userNamespace && !sharesHost) state('userNamespace', true, 'userNamespaces');
  if (groups === 'Strict') state('supplementalGroupsPolicy', groups, 'supplementalGroupsPolicy');
  return { userNamespace, strictGroups: groups === undefined ? undefined : groups === 'Strict' };
}

const NONE: UsedFeatures = { userNamespace: false, strictGroups: false };

/** The features that a pod uses. Call it at synthesis, when all volumes and the profile are there. */
export function usedFeatures(owner: IConstruct, pod: PodSettings, stated: StatedFeatures = {}): UsedFeatures {
  const { nodeFeatures } = clusterOf(owner);
  if (nodeFeatures === undefined && stated.userNamespace === undefined && stated.strictGroups === undefined) {
    return NONE;
  }
  return {
    userNamespace: stated.userNamespace ?? (nodeFeatures?.userNamespaces === true && hasKnownVolumes(pod)),
    strictGroups: stated.strictGroups ?? nodeFeatures?.supplementalGroupsPolicy === true,
  };
}

/** Volumes that the kubelet writes on the node itself, to a file system with ID-mapped mounts. */
const KNOWN_VOLUMES = ['configMap', 'downwardAPI', 'emptyDir', 'projected', 'secret'];

/** Whether the pod needs nothing of which we do not know that it works in a user namespace. */
function hasKnownVolumes({ host, placement, containers, volumes, claims }: PodSettings): boolean {
  return (
    !host?.network &&
    !host?.processes &&
    placement.runtimeClassName === undefined &&
    claims.length === 0 &&
    containers.every(({ privileges }) => privileges === undefined) &&
    volumes.every(({ source }) => KNOWN_VOLUMES.includes(Object.keys(source)[0]))
  );
}
