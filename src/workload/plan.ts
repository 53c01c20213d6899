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

/** A workload under construction, as its block sees it. */
export interface WorkloadSite<P = unknown> extends Site<P> {
  /** Its pods already have an identity. */
  readonly owner: Construct & IConnectionClient & ISubject;
  readonly mounting: Mounting;
  readonly edges: NetworkEdges;
}

/** What a block reads before its controller exists: the main container and its own props. */
export interface Contents {
  readonly main: ContainerSettings;
}

/**
 * How a block is built. `Workload` runs the plan and does the common work between the steps. Each step gets the result
 * of the step before it, so no step can be missing or too early.
 *
 * @template P props of the block
 * @template K its kind, with decisions about its pods
 * @template C the contents that it reads from its props
 * @template M the parts that it creates
 */
export interface Plan<P, K extends WorkloadKind, C extends Contents, M> {
  /** Determines the kind of workload before anything exists. */
  kind(read: Reader<P>, problems: Problems): K;
  /** Reads the main container and the block's own props. Objects that it emits come before the controller. */
  read(site: WorkloadSite<P>, kind: K): C;
  /** Creates the controller when all containers exist. */
  controller(site: WorkloadSite<NoInfer<P>>, contents: NoInfer<C>): Controller;
  /** Adds the parts. Objects that it emits come after the controller. Afterwards, unread props are refused. */
  parts(site: WorkloadSite<NoInfer<P>>, contents: NoInfer<C>): M;
}

/** Declares a plan; the compiler infers the types between its steps. */
export function plan<P, K extends WorkloadKind, C extends Contents, M>(steps: Plan<P, K, C, M>): Plan<P, K, C, M> {
  return steps;
}
