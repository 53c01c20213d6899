import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { ServiceAccount as WireServiceAccount } from 'kubernetes-types/core/v1';
import type { ISubject, SubjectConfiguration } from '../interop/references';
import { emit } from '../kernel/emit/emission';
import type { Labels } from '../kernel/emit/labels';
import { namespaceOf } from '../kernel/model/names';
import { namespaceClaim } from '../kernel/model/namespace-facts';

/**
 * The identity of one workload. Its token is not mounted: few apps call the API server (CH04-36).
 */
export class WorkloadServiceAccount extends Construct implements ISubject {
  /** Name of the ServiceAccount, which is the name of the workload. */
  public readonly name: string;
  /** The ServiceAccount. */
  public readonly apiObject: ApiObject;

  /** As cdk8s-plus names it. */
  public readonly apiVersion = 'v1';
  /** As cdk8s-plus names it. */
  public readonly apiGroup = '';
  /** As cdk8s-plus names it. */
  public readonly kind = 'ServiceAccount';
  /** As cdk8s-plus names it. */
  public readonly resourceType = 'serviceaccounts';

  /** @internal */
  public constructor(
    scope: Construct,
    id: string,
    name: string,
    labels: Labels,
    pullSecrets: string[],
    annotations: Record<string, string> = {},
  ) {
    super(scope, id);
    this.name = name;
    // a namespace with pull Secrets for all its pods may be declared later
    const imagePullSecrets = {
      resolve: (): WireServiceAccount['imagePullSecrets'] => {
        const all = new Set([...pullSecrets, ...(namespaceClaim(this, namespaceOf(this))?.pullSecrets ?? [])]);
        return all.size === 0 ? undefined : [...all].map((secret) => ({ name: secret }));
      },
    };
    const body = { automountServiceAccountToken: false, imagePullSecrets };
    this.apiObject = emit(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, labels, annotations },
      ...body,
    });
  }

  /** As cdk8s-plus names it. */
  public get resourceName(): string | undefined {
    return this.name;
  }

  /** The subject of a RoleBinding, with its namespace: a binding without it is rejected. */
  public toSubjectConfiguration(): SubjectConfiguration {
    return { kind: 'ServiceAccount', name: this.name, namespace: namespaceOf(this), apiGroup: '' };
  }
}
