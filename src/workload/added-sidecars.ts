import type { WorkloadSite } from './plan';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { instance } from '../kernel/schema/checks';
import { refuseSamePorts } from '../network/ports';
import type { ContainerSettings } from '../pod/container';
import { refuseShells } from '../pod/shell';
import { isOrderedFor, readSidecar, Sidecar, type SidecarOrder } from '../pod/sidecar';

/** Where mistakes of a sidecar are reported. */
interface Report {
  readonly problems: Problems;
  readonly prop: string;
  /** The workload, if the problems are those of another construct. */
  readonly workload?: string;
}

const SIDECAR = instance(Sidecar, 'a Sidecar, e.g. Sidecar.logTail(...) with a file');

/** Reads a sidecar, and shares the directory of its log file. Returns the container, unless it is refused. */
export function addSidecar(
  { pod, podWide, mounting }: WorkloadSite,
  given: unknown,
  { problems, prop, workload }: Report,
): ContainerSettings | undefined {
  const sidecar = SIDECAR.read(given, (value, expected) =>
    problems.refuse(prop, value, expected, {
      rule: 'props/value',
      fix: "Use Sidecar.container(...) for a container of the prop 'sidecars'",
    }),
  );
  if (sidecar === undefined) return undefined;
  const before = problems.size;
  const { container, log } = readSidecar(sidecar, podWide, problems, prop);
  refuseShells(container, problems, `${prop}.`);
  if (pod.containers.some(({ name }) => name === container.name)) {
    const got = workload === undefined ? container.name : new Verbatim(`'${container.name}' in '${workload}'`);
    problems.refuse(`${prop}.name`, got, 'a name that is unique in the pod', {
      rule: 'props/duplicate',
      fix: 'Rename the container',
    });
  }
  if (container.ports.length > 0) {
    const others = pod.containers.flatMap(({ ports }) => ports);
    refuseSamePorts([...others, ...container.ports], problems, `${prop}.port`, ['name', 'port']);
  }
  for (const { isStated, servicePort } of container.ports) {
    if (!isStated) continue;
    problems.refuse(`${prop}.servicePort`, servicePort, 'none: the Service of the block exists already', {
      rule: 'props/conflict',
      fix: "Remove it, or declare the container in the prop 'sidecars' of the block",
    });
  }
  if (problems.size > before) return undefined;
  if (log !== undefined) {
    const shared = { ...log, reader: container.name, problems, prop: `${prop}.file` };
    mounting.later(workload === undefined ? 'own' : 'ordered', () => mounting.share(shared));
  }
  return container;
}

/** The same for a sidecar that the chart or the app orders. */
export function takeSidecar(site: WorkloadSite, order: SidecarOrder): ContainerSettings | undefined {
  if (!isOrderedFor(order, site.owner)) return undefined;
  const { problems, sidecar } = order;
  return addSidecar(site, sidecar, { problems, prop: 'applyTo', workload: site.owner.node.path });
}
