import type { Construct } from 'constructs';
import { ExportedService } from './exported-service';
import { ExternalBlock, type ExternalSettings, reading } from './external-block';
import type { ExternalServiceBaseProps } from './external-service-props';
import { ExternalTarget } from './external-target';
import type { NameEgress } from './name-egress';
import { NOWHERE, readEgressChoice, readTarget } from './read-target';
import type { Problems } from '../../kernel/findings/problems';
import { namespaceOf } from '../../kernel/model/names';
import { instance } from '../../kernel/schema/checks';
import type { Reader } from '../../kernel/schema/reader';
import { stateOutside } from '../../network/outside';
import type { NamedPort, PortSettings } from '../../network/ports';

/** Props of `ImportedService`. */
export interface ImportedServiceProps extends ExternalServiceBaseProps {
  /** The export of the other cluster. The import has the same ports. */
  readonly exported: ExportedService;

  /**
   * The location of the service. A load balancer gets its address when it is created (`kubectl get service`), and keeps
   * it.
   *
   * @default - from the export: its host name, or its name in the cluster set
   */
  readonly target?: ExternalTarget;

  /**
   * How clients with closed egress may connect, if `target` is omitted. In a cluster set, use the pod ranges of the
   * other cluster.
   *
   * @default - not at all: a connection from a client with `egress: 'declared'` is an error
   */
  readonly egress?: NameEgress;
}

/**
 * A service of another cluster under a name in this one (CH13-26). Otherwise like an `ExternalService`.
 *
 * ```ts fixture=two-clusters
 * const exported = new ExportedService(west, 'orders-export', {
 *   backend: orders,
 *   exposure: Exposure.internalLoadBalancer({ sources: ['10.20.0.0/16'] }),
 * });
 * const imported = new ImportedService(east, 'orders', {
 *   exported,
 *   target: ExternalTarget.addresses(['10.1.10.1']),
 * });
 * shop.connectTo(imported);
 * ```
 */
export class ImportedService extends ExternalBlock {
  public constructor(scope: Construct, id: string, props: ImportedServiceProps) {
    super(scope, id, reading(props, readImport));
  }
}

function readImport(owner: Construct, read: Reader<ImportedServiceProps>, problems: Problems): ExternalSettings {
  const exported = read.required('exported', instance(ExportedService, 'an ExportedService'), undefined, {
    fix: 'Pass the ExportedService of the other cluster, or use an ExternalService',
    practice: 'CH13-26',
  });
  if (exported) stateOutside('import', { owner, exported });
  const given = read.optional(
    'target',
    instance(ExternalTarget, "an ExternalTarget, e.g. ExternalTarget.addresses(['10.1.10.1'])"),
    undefined,
    { fix: 'Use ExternalTarget.addresses(...) or .dnsName(...)', practice: 'CH13-26' },
  );
  const egress = readEgressChoice(read);
  if (egress !== undefined && given !== undefined) {
    read.refuse('egress', egress, "it to be omitted when 'target' is set", {
      rule: 'props/conflict',
      fix: "Set it on the target: 'egress' of ExternalTarget.dnsName(...)",
      practice: 'CH13-31',
    });
  }
  if (exported === undefined) {
    return { target: NOWHERE, ports: [{ name: 'tcp', port: 1, servicePort: 1, protocol: 'TCP' }] };
  }
  const target = given ?? announced(exported, egress);
  if (target === undefined && !read.has('target')) {
    read.refuse('target', undefined, `the address of load balancer '${exported.name}'`, {
      rule: 'external/import-address',
      fix: `Look it up: kubectl get service ${exported.name}. Or give the export a hostname`,
    });
  }
  const direct = exported.serviceExport === undefined;
  return {
    target: target
      ? readTarget(target, problems, given ? 'target' : 'exported', given ? undefined : 'egress')
      : NOWHERE,
    ports: exported.exposedPorts.map((port) => importedPort(port, direct)),
  };
}

/** The target that an export implies; a load balancer without a host name gets its address later. */
function announced(exported: ExportedService, egress: NameEgress | undefined): ExternalTarget | undefined {
  if (exported.serviceExport !== undefined) {
    return ExternalTarget.clusterSet(exported.name, namespaceOf(exported) as string, { egress });
  }
  return exported.hostname === undefined ? undefined : ExternalTarget.dnsName(exported.hostname, { egress });
}

/** Clients and policies see the port of a load balancer. In a cluster set, policies see the pod port. */
function importedPort(
  { name, port, servicePort = port, protocol = 'TCP', appProtocol }: NamedPort,
  direct: boolean,
): PortSettings {
  return { name, protocol, servicePort, port: direct ? servicePort : port, ...(appProtocol && { appProtocol }) };
}
