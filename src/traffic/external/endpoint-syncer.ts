import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { ExternalService } from './external-service';
import { AccessGrant } from '../../access/access-grant';
import { AccessRole } from '../../access/access-role';
import { Subject } from '../../access/subject';
import { refuseOtherNamespace } from '../../config/references';
import { deployment } from '../../controllers/deployment';
import { claimUnique } from '../../kernel/model/uniqueness';
import { instance } from '../../kernel/schema/checks';
import { API_SERVER_PORTS } from '../../network/egress';
import { Replicas } from '../../parts/replicas';
import type { ContainerBaseProps, ContainerSettings } from '../../pod/container';
import type { HookedContainerProps } from '../../pod/pre-stop';
import type { Probe } from '../../pod/probe';
import { addVariable } from '../../workload/environment';
import { plan, type WorkloadSite } from '../../workload/plan';
import { readPortless } from '../../workload/probes';
import { Workload } from '../../workload/workload';
import type { PodWorkloadProps } from '../../workload/workload-props';

/** Props of `EndpointSyncer`. */
export interface EndpointSyncerProps extends PodWorkloadProps, ContainerBaseProps, HookedContainerProps {
  /** The service whose endpoints it maintains: one with `ExternalTarget.synced(...)` in the same namespace. */
  readonly service: ExternalService;

  /**
   * Check whether to restart the process: a hanging process leaves outdated endpoints. Only `Probe.exec(...)`, since
   * nothing listens.
   *
   * @default Probe.none()
   */
  readonly liveness?: Probe;
}

/**
 * Runs a controller of your own that keeps the endpoints of an `ExternalService` up to date, where its addresses change
 * and no DNS name follows them (CH13-12): a Deployment of one pod, with the rights to write the EndpointSlices of that
 * Service and no others, and to read those of the namespace, as informers do.
 *
 * ```ts
 * const legacy = new ExternalService(chart, 'legacy', { target: ExternalTarget.synced(['10.40.0.0/24']), port: 3306 });
 * new EndpointSyncer(chart, 'legacy-sync', { service: legacy, image: 'ghcr.io/acme/endpoint-sync:1.0.0' });
 * ```
 *
 * Environment variables tell the process what to do:
 *
 * - `SERVICE_NAME`: the value of the label `kubernetes.io/service-name` of each slice.
 * - `MANAGED_BY`: the value of `endpointslice.kubernetes.io/managed-by`. Without it, a controller of Kubernetes may
 *   treat the slice as its own.
 * - `ENDPOINT_SLICE_IPV4`, `ENDPOINT_SLICE_IPV6`: the names of the slices, one for each IP family of the target ranges.
 *   The process cannot write other slices.
 * - `ENDPOINT_PORTS`: the ports of each slice as JSON; keep their names.
 * - `ENDPOINT_RANGES`: the allowed address ranges, separated by commas. Policies allow no other addresses.
 *
 * The process decides where client traffic goes. Protect its image like the clients themselves.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
 */
export class EndpointSyncer extends Workload {
  /** The Deployment. */
  public readonly deployment: ApiObject;
  /** The rights of the process: Role and RoleBinding. */
  public readonly access: AccessGrant;

  public constructor(scope: Construct, id: string, props: EndpointSyncerProps) {
    super(scope, id, props, PLAN);
    this.deployment = this._controller;
    this.access = this._madeBy(PLAN);
  }
}

const PLAN = plan({
  kind: () => ({ component: 'endpoint-syncer', longestName: 63, needsToken: 'the process writes to the API server' }),
  read: (site: WorkloadSite<EndpointSyncerProps>) => {
    const service = site.read.required('service', instance(ExternalService, 'an ExternalService'), undefined, {
      fix: 'Pass one with ExternalTarget.synced(...)',
      practice: 'CH13-12',
    });
    const main = readPortless(site);
    const slices = service ? serve(site, main, service) : ['invalid'];
    return { main, access: grant(site, slices) };
  },
  // two syncers would overwrite each other's endpoints
  controller: ({ problems }) => deployment(Replicas.fixed(1, problems), { rollout: { kind: 'Recreate' } }),
  parts: ({ edges }, { access }) => {
    edges.openApiServer(
      API_SERVER_PORTS.map((port) => ({ port, protocol: 'TCP' as const })),
      'egress',
      () => edges.closesEgress,
    );
    return access;
  },
});

/** Passes the contract to the process. Returns the names of its slices. */
function serve({ owner, name, problems }: WorkloadSite, main: ContainerSettings, service: ExternalService): string[] {
  const contract = service._syncContract;
  refuseOtherNamespace(owner, service, problems, 'service');
  if (contract === undefined) {
    problems.refuse('service', service, 'an ExternalService without endpoints of its own', {
      rule: 'external/synced-elsewhere',
      fix: 'Set its target to ExternalTarget.synced([...])',
    });
    return ['invalid'];
  }
  claimUnique(owner, `syncer of Service '${service.node.path}'`, {
    rule: 'external/two-syncers',
    fix: "Two syncers would overwrite each other's endpoints: remove one",
  });
  const variables = {
    SERVICE_NAME: service.name,
    MANAGED_BY: name,
    ...Object.fromEntries(contract.slices.map((slice) => [`ENDPOINT_SLICE_${slice.family.toUpperCase()}`, slice.name])),
    ENDPOINT_PORTS: JSON.stringify(contract.ports),
    ENDPOINT_RANGES: contract.ranges.join(','),
  };
  for (const [variable, value] of Object.entries(variables)) addVariable(main, variable, value, problems);
  return contract.slices.map((slice) => slice.name);
}

function grant({ owner, name }: WorkloadSite, slices: string[]): AccessGrant {
  const endpointSlices = { apiGroup: 'discovery.k8s.io', resources: ['endpointslices'] };
  const role = AccessRole.of(
    // informers list and watch, and name nothing
    { ...endpointSlices, verbs: ['get', 'list', 'watch'] },
    { ...endpointSlices, verbs: ['update', 'patch', 'delete'], resourceNames: slices },
    // a request to create an object does not name it
    { ...endpointSlices, verbs: ['create'] },
  );
  return new AccessGrant(owner, 'Access', { name, role, subjects: [Subject.workload(owner)] });
}
