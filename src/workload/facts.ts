import type { IConstruct } from 'constructs';
import { PerApp } from '../foundation/per-app';

/** What a workload asks of the cluster. */
export interface WorkloadFacts {
  readonly construct: IConstruct;
  readonly kind: string;
  readonly name: string;
  /** The least number of pods. */
  readonly replicas: number;
  /** CPU of one pod in milli-cores. */
  readonly cpu: number;
  /** Memory of one pod in bytes. */
  readonly memory: number;
}

const facts = new PerApp<Array<() => WorkloadFacts>>(() => []);

/** `read` is called when somebody asks: sidecars and mounts may still be added. */
export function recordWorkload(construct: IConstruct, read: () => WorkloadFacts): void {
  facts.of(construct).push(read);
}

export function recordedWorkloads(app: IConstruct): WorkloadFacts[] {
  return facts.of(app).map((read) => read());
}
