import type { Construct } from 'constructs';
import type { Mounting } from './mounting';
import type { WorkloadKind } from './read-workload';
import type { Controller } from '../controllers/controller';
import type { ISubject } from '../interop/references';
import type { Problems } from '../kernel/findings/problems';
import type { Reader } from '../kernel/schema/reader';
import type { IConnectionClient } from '../network/connection';
import type { NetworkEdges } from '../network/network-edges';
import type { Site } from '../parts/site';
import type { ContainerSettings } from '../pod/container';

/** A workload while it is put together, as its block sees it. */
export interface WorkloadSite<P = unknown> extends Site<P> {
  /** Its pods have an identity by now. */
  readonly owner: Construct & IConnectionClient & ISubject;
  readonly mounting: Mounting;
  readonly edges: NetworkEdges;
}

/** What a block reads of its props before its controller: the main container, and what is its own. */
export interface Contents {
  readonly main: ContainerSettings;
}

/**
 * How a block is put together. `Workload` carries it out, and does all that workloads have in common between the steps:
 * each step gets what the one before it has made, so that none can be left out or come too early.
 *
 * @template P props of the block
 * @template K what its kind is, with what it decides of its pods
 * @template C what it reads of its props
 * @template M what its parts make
 */
export interface Plan<P, K extends WorkloadKind, C extends Contents, M> {
  /** What tells the kind of workload apart, before anything of it is there. */
  kind(read: Reader<P>, problems: Problems): K;
  /** Reads the main container, and what is the block's own. Objects that it emits come before the controller. */
  read(site: WorkloadSite<P>, kind: K): C;
  /** The controller, when all containers are there. */
  controller(site: WorkloadSite<NoInfer<P>>, contents: NoInfer<C>): Controller;
  /** Adds the parts. Objects that it emits come after the controller. Props that no step has read are refused next. */
  parts(site: WorkloadSite<NoInfer<P>>, contents: NoInfer<C>): M;
}

/** A plan, with what its steps hand on worked out by the compiler. */
export function plan<P, K extends WorkloadKind, C extends Contents, M>(steps: Plan<P, K, C, M>): Plan<P, K, C, M> {
  return steps;
}
