import type { ApiObject } from 'cdk8s';
import { type ForeignObject, foreignObjects } from '../foreign/foreign-objects';
import { isOwn } from '../kernel/facts/own-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { textAt } from '../kernel/schema/manifest';
import { landingNamespace } from '../kubernetes/cluster-scoped';
import { podTemplateOf } from '../kubernetes/pod-template';

/** An object of an app, of our blocks or of others, as the API server gets it. */
export interface AppManifest {
  readonly at: ApiObject;
  /** Path of the block, or of the object where others have written it. */
  readonly user: string;
  readonly cluster: string;
  /** `core` for the core group. */
  readonly apiGroup: string;
  /** `<group>/<version>`, or the version alone for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly manifest: unknown;
}

/** What identifies an object of an app. */
export type Identity = Pick<AppManifest, 'cluster' | 'apiGroup' | 'kind' | 'namespace' | 'name'>;

/** An object as a key. */
export function keyOfObject({ cluster, apiGroup, kind, namespace = '', name }: Identity): string {
  return JSON.stringify([cluster, apiGroup, kind, namespace, name]);
}

/** All objects of an app, including those inside a List. Objects that cannot be rendered are left out. */
export function manifestsOf(view: PassView): readonly AppManifest[] {
  return view.derive(readManifests);
}

function readManifests(view: PassView): AppManifest[] {
  return [...view.objects.filter(isOwn).flatMap(ofBlock), ...foreignObjects(view).flatMap(ofOthers)];
}

function ofBlock(at: ApiObject): AppManifest[] {
  let manifest: unknown;
  try {
    manifest = at.toJson();
  } catch {
    return [];
  }
  const { apiGroup, apiVersion, kind, name } = at;
  return [
    {
      at,
      user: (at.node.scope ?? at).node.path,
      cluster: clusterOf(at).name,
      apiGroup,
      apiVersion,
      kind,
      namespace: landingNamespace(at),
      name,
      manifest,
    },
  ];
}

function ofOthers({ at, apiGroup, kind, name, namespace, cluster, wire }: ForeignObject): AppManifest[] {
  if (wire === undefined) return [];
  const apiVersion = textAt(wire, 'apiVersion') ?? at.apiVersion;
  return [{ at, user: at.node.path, cluster, apiGroup, apiVersion, kind, namespace, name, manifest: wire }];
}

/** Pods inside custom resources of others. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'argoproj.io/Rollout': ['spec', 'template'],
  'keda.sh/ScaledJob': ['spec', 'jobTargetRef', 'template'],
  'serving.knative.dev/Service': ['spec', 'template'],
};

/** The path of the pods of an object; `undefined` if it has none. */
export function podPath({ apiGroup, kind, manifest }: AppManifest): readonly string[] | undefined {
  const id = `${apiGroup}/${kind}`;
  return Object.hasOwn(TEMPLATES, id) ? TEMPLATES[id] : podTemplateOf(manifest)?.path;
}
