import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { recordedGrants } from '../access/grants';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { wireOf } from '../kernel/model/wire';
import { list, part, textAt } from '../kernel/schema/manifest';
import { landingNamespace } from '../kubernetes/cluster-scoped';
import { resourceOf } from '../kubernetes/resource-name';

/** A RoleBinding or ClusterRoleBinding that no `AccessGrant` has written, and a ServiceAccount that it binds. */
export interface OtherBinding {
  readonly object: ApiObject;
  /** `undefined` for all namespaces. */
  readonly namespace: string | undefined;
  readonly account: string;
  /** The namespace of the account. */
  readonly home: string;
}

function otherBindings(view: PassView): OtherBinding[] {
  const granting = new Set(recordedGrants(view).map(({ owner }) => owner));
  return view.objects
    .filter(
      (object) =>
        /^(cluster)?rolebindings\.rbac\.authorization\.k8s\.io$/.test(resourceOf(object)) &&
        !(object.node.scope && granting.has(object.node.scope)),
    )
    .flatMap(bindingsOf);
}

function bindingsOf(object: ApiObject): OtherBinding[] {
  return list(part(wireOf(object), 'subjects')).flatMap((subject) => {
    const [kind, account, home] = ['kind', 'name', 'namespace'].map((key) => textAt(subject, key));
    return kind === 'ServiceAccount' && account !== undefined && home !== undefined
      ? [{ object, namespace: landingNamespace(object), account, home }]
      : [];
  });
}

/** Bindings for ServiceAccounts of a namespace, on the cluster of `construct`. */
export function otherBindingsOf(view: PassView, construct: IConstruct, namespace: string): OtherBinding[] {
  const cluster = clusterOf(construct).name;
  return view
    .derive(otherBindings)
    .filter(({ object, home }) => home === namespace && clusterOf(object).name === cluster);
}
