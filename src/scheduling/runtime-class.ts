import type { ApiObject, Size } from 'cdk8s';
import { Construct } from 'constructs';
import type { RuntimeClass as WireRuntimeClass } from 'kubernetes-types/node/v1';
import { NodePool, type NodePoolSettings, readNodePool } from './node-pool';
import { renderToleration } from './render-toleration';
import { emit } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { Problems } from '../kernel/findings/problems';
import { readName } from '../kernel/model/read-name';
import { bytes, instance } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel, labelledSubdomain } from '../kernel/schema/syntax';
import type { ICpu } from '../kubernetes/cpu';
import { bytesQuantity, cpuMillis, cpuQuantity } from '../kubernetes/quantity';

/** Resources of a sandbox in addition to the containers of a pod. */
export interface RuntimeOverhead {
  /**
   * CPU; at least 1 milli-core.
   *
   * @default - none
   */
  readonly cpu?: ICpu;

  /**
   * Memory; at least 1 byte.
   *
   * @default - none
   */
  readonly memory?: Size;
}

/** Props of `RuntimeClass`. */
export interface RuntimeClassProps {
  /** Name of the handler in the configuration of the container runtime, such as `runsc` (gVisor) or `kata`. */
  readonly handler: string;

  /**
   * Resources of the sandbox in addition to the containers. The API server adds them to each pod: they count in
   * scheduling and quotas.
   *
   * @default - none
   */
  readonly overhead?: RuntimeOverhead;

  /**
   * Nodes that have the handler. The API server adds selector and toleration to each pod (CH10-39).
   *
   * @default - all nodes have it
   */
  readonly nodes?: NodePool;

  /**
   * Name of the RuntimeClass: at most 63 lower-case letters, digits, `-` and dots; it is also a label value. It has no
   * namespace.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;
}

/** Milli-cores and bytes. */
export interface OverheadSettings {
  readonly cpu?: number;
  readonly memory?: number;
}

/**
 * A sandbox for pods with untrusted code, which a regular container runtime does not contain (CH10-37). The nodes must
 * already have the handler.
 *
 * ```ts
 * const sandbox = new RuntimeClass(chart, 'gvisor', {
 *   handler: 'runsc',
 *   overhead: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
 *   nodes: NodePool.reserved({ key: 'example.com/runtime', value: 'gvisor' }),
 * });
 * new Job(chart, 'render', { image: 'ghcr.io/example/render:1.0.0', runtimeClass: sandbox });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/containers/runtime-class/
 */
export class RuntimeClass extends Construct {
  /** Name of the RuntimeClass. */
  public readonly name: string;
  /** The RuntimeClass. */
  public readonly apiObject: ApiObject;

  /** @internal */
  public readonly _overhead: OverheadSettings;
  /** @internal */
  public readonly _nodes?: NodePoolSettings;

  public constructor(scope: Construct, id: string, props: RuntimeClassProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<RuntimeClassProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const handler = read.required('handler', dnsLabel(), 'invalid', {
      fix: "Name the handler of the container runtime, such as 'runsc'",
      practice: 'CH10-38',
    });
    this._overhead = readOverhead(read.raw('overhead'), problems);
    const nodes = read.optional('nodes', instance(NodePool, 'a NodePool'), undefined, {
      fix: 'Use NodePool.reserved(...) or NodePool.open(...)',
      practice: 'CH10-39',
    });
    this._nodes = nodes && readNodePool(nodes, problems, 'nodes');
    read.refuseUnknown();
    this.apiObject = emit(this, 'Resource', {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: this.name, labels: recommended(this, this.name, 'scheduling', {}) },
      clusterScoped: true,
      ...renderRuntimeClass(handler, this._overhead, this._nodes),
    });
  }
}

function readOverhead(given: unknown, problems: Problems): OverheadSettings {
  const read = new Reader<RuntimeOverhead>(problems, given, 'overhead.');
  const overhead = {
    cpu: read.optional('cpu', cpuMillis, undefined, {
      fix: 'Write Cpu.millis(250), or remove the prop if the sandbox needs none',
    }),
    memory: read.optional('memory', bytes(1), undefined, {
      fix: 'Write Size.mebibytes(120), or remove the prop if the sandbox needs none',
    }),
  };
  read.refuseUnknown();
  return overhead;
}

function renderRuntimeClass(
  handler: string,
  { cpu, memory }: OverheadSettings,
  nodes: NodePoolSettings | undefined,
): Pick<WireRuntimeClass, 'handler' | 'overhead' | 'scheduling'> {
  const podFixed = {
    ...(cpu === undefined ? {} : { cpu: cpuQuantity(cpu) }),
    ...(memory === undefined ? {} : { memory: bytesQuantity(memory) }),
  };
  return {
    handler,
    ...(Object.keys(podFixed).length === 0 ? {} : { overhead: { podFixed } }),
    ...(nodes === undefined
      ? {}
      : {
          scheduling: {
            nodeSelector: nodes.nodeLabels,
            ...(nodes.toleration ? { tolerations: [renderToleration(nodes.toleration)] } : {}),
          },
        }),
  };
}
