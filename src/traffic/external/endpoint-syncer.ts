import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { DeploymentSpec } from 'kubernetes-types/apps/v1';
import { ExternalService } from './external-service';
import { AccessGrant } from '../../access/access-grant';
import { AccessRole } from '../../access/access-role';
import { Subject } from '../../access/subject';
import { refuseOtherNamespace } from '../../config/references';
import { emitLater } from '../../kernel/emit/emission';
import { identity, versionLabel } from '../../kernel/emit/labels';
import { claimUnique } from '../../kernel/model/uniqueness';
import { instance } from '../../kernel/schema/checks';
import { API_SERVER_PORTS } from '../../network/egress';
import { type ContainerBaseProps, imageVersion } from '../../pod/container';
import type { PodSettings } from '../../pod/pod-settings';
import type { Probe } from '../../pod/probe';
import { renderPodTemplate } from '../../pod/render-pod-template';
import { readPortless } from '../../workload/probes';
import { defaultDeadline } from '../../workload/progress';
import { Workload } from '../../workload/workload';
import type { PodWorkloadProps } from '../../workload/workload-props';

/** Props of `EndpointSyncer`. */
export interface EndpointSyncerProps extends PodWorkloadProps, ContainerBaseProps {
  /** Whose endpoints it keeps: one with `ExternalTarget.synced(...)`, of the same namespace. */
  readonly service: ExternalService;

  /**
   * Whether the process must be restarted: one that hangs leaves old endpoints behind. `Probe.exec(...)` alone: nothing
   * listens.
   *
   * @default - none
   */
  readonly liveness?: Probe;
}

/**
 * Runs a controller of your own that keeps the endpoints of an `ExternalService` up to date, where its addresses change
 * and no DNS name follows them (CH13-12): a Deployment of one pod, with the rights to write the EndpointSlices of that
 * Service and no others.
 *
 * ```ts
 * const legacy = new ExternalService(chart, 'legacy', { target: ExternalTarget.synced(['10.40.0.0/24']), port: 3306 });
 * new EndpointSyncer(chart, 'legacy-sync', { service: legacy, image: 'ghcr.io/acme/endpoint-sync:1.0.0' });
 * ```
 *
 * The process finds what to do in its environment:
 *
 * - `SERVICE_NAME`: the value of the label `kubernetes.io/service-name` of each slice.
 * - `MANAGED_BY`: the value of `endpointslice.kubernetes.io/managed-by`. Without it, a controller of Kubernetes may take the
 *   slice for one of its own.
 * - `ENDPOINT_SLICE_IPV4`, `ENDPOINT_SLICE_IPV6`: the names that the slices have, one for each family that the ranges of the
 *   target have. It can write no others.
 * - `ENDPOINT_PORTS`: the ports of each slice, as JSON; their names must stay.
 * - `ENDPOINT_RANGES`: where addresses may be, separated by commas. Policies let nobody out to others.
 *
 * Whoever writes endpoints decides where the traffic of the clients goes. Keep its image as safe as them.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
 */
export class EndpointSyncer extends Workload {
  /** The Deployment. */
  public readonly deployment: ApiObject;
  /** The rights of the process: Role and RoleBinding. */
  public readonly access: AccessGrant;

  public constructor(scope: Construct, id: string, props: EndpointSyncerProps) {
    super(scope, id, props, { component: 'endpoint-syncer', longestName: 63, revisionLabel: 'pod-template-hash', claims: [], mountToken: true });
    const read = this._reader(props);
    const service = read.required('service', instance(ExternalService, 'an ExternalService'), undefined, { fix: 'Pass one with ExternalTarget.synced(...)', practice: 'CH13-12' });
    if (read.has('serviceAccountToken') && !this._pod.mountToken) {
      read.refuse('serviceAccountToken', false, 'true: the process writes to the API server', { rule: 'external/syncer-token', fix: 'Leave it out' });
    }
    this._setContainers(readPortless(read, this._podWide, this._problems), read);
    const slices = service ? this.serve(service) : ['invalid'];
    this.access = this.grant(slices);
    this.openApiServer();
    this._record('Deployment', () => ({ replicas: 1, most: 1, surge: 0, stopping: 0 }), []);
    const head = this._head('apps/v1', 'Deployment', this.name, { annotations: this._annotations, labels: versionLabel(imageVersion(this._pod.containers[0].image)) });
    this.deployment = emitLater(this, 'Resource', head, this._problems, () => renderSyncer(this._pod));
    read.refuseUnknown();
  }

  /**
   * One pod at a time: the old one is gone before the new one starts.
   *
   * @internal
   */
  protected _hasSeveralPods(): boolean {
    return false;
  }

  /** Tells the process what to keep. Gives the names of its slices. */
  private serve(service: ExternalService): string[] {
    const contract = service._syncContract;
    refuseOtherNamespace(this, service, this._problems, 'service');
    if (contract === undefined) {
      this._problems.refuse('service', service, 'an ExternalService whose endpoints nobody else writes', { rule: 'external/synced-elsewhere', fix: 'Give it ExternalTarget.synced([...])' });
      return ['invalid'];
    }
    claimUnique(this, `syncer of Service '${service.node.path}'`, { rule: 'external/two-syncers', fix: 'Two would overwrite the endpoints of each other: remove one' });
    this.addEnv('SERVICE_NAME', service.name);
    this.addEnv('MANAGED_BY', this.name);
    for (const { family, name } of contract.slices) this.addEnv(`ENDPOINT_SLICE_${family.toUpperCase()}`, name);
    this.addEnv('ENDPOINT_PORTS', JSON.stringify(contract.ports));
    this.addEnv('ENDPOINT_RANGES', contract.ranges.join(','));
    return contract.slices.map(({ name }) => name);
  }

  private grant(slices: string[]): AccessGrant {
    const endpointSlices = { apiGroup: 'discovery.k8s.io', resources: ['endpointslices'] };
    const role = AccessRole.of(
      { ...endpointSlices, verbs: ['get', 'update', 'patch', 'delete'], resourceNames: slices },
      // a request to create an object does not name it
      { ...endpointSlices, verbs: ['create'] },
    );
    return new AccessGrant(this, 'Access', { name: this.name, role, subjects: [Subject.workload(this)] });
  }

  private openApiServer(): void {
    const ports = API_SERVER_PORTS.map((port) => ({ port, protocol: 'TCP' as const }));
    this._edges.openApiServer(ports, 'egress', () => this.egressClosed);
  }
}

/** One pod, and the old one is gone before the new one starts: two would overwrite each other's endpoints. */
function renderSyncer(pod: PodSettings): DeploymentSpec {
  return {
    replicas: 1,
    selector: { matchLabels: identity(pod.name) },
    strategy: { type: 'Recreate' },
    progressDeadlineSeconds: defaultDeadline(pod.containers, 0),
    revisionHistoryLimit: 10,
    template: renderPodTemplate(pod),
  };
}
