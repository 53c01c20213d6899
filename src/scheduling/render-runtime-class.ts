import type { RuntimeClass } from 'kubernetes-types/node/v1';
import type { NodePoolSettings } from './node-pool';
import { renderToleration } from './render-toleration';
import type { OverheadSettings } from './runtime-class';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';

export function renderRuntimeClass(handler: string, { cpu, memory }: OverheadSettings, nodes: NodePoolSettings | undefined): Pick<RuntimeClass, 'handler' | 'overhead' | 'scheduling'> {
  const podFixed = { ...(cpu === undefined ? {} : { cpu: cpuQuantity(cpu) }), ...(memory === undefined ? {} : { memory: bytesQuantity(memory) }) };
  return {
    handler,
    ...(Object.keys(podFixed).length === 0 ? {} : { overhead: { podFixed } }),
    ...(nodes === undefined ? {} : { scheduling: { nodeSelector: nodes.nodeLabels, ...(nodes.toleration ? { tolerations: [renderToleration(nodes.toleration)] } : {}) } }),
  };
}
