import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import type { Facts } from '../kernel/facts/fact-map';

/** A client that resolves the addresses of the pods itself, and the block that it connects to. */
export interface DirectConnection {
  readonly owner: IConstruct;
  readonly target: IConstruct;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly directConnection: DirectConnection;
  }
}

const byTarget = ({ target }: DirectConnection): IConstruct[] => [target];

/** Seconds in which gRPC clients resolve a name at most once, by default: of grpc-go, grpc-js and gRPC C++. */
export const RESOLUTION = 30;

export function recordDirect(owner: IConstruct, target: IConstruct): void {
  AppModel.of(owner).add('directConnection', { owner, target });
}

/** The clients of a block that balance their requests themselves. */
export function directClients(facts: Facts, target: IConstruct): ReadonlySet<IConstruct> {
  return new Set(facts.by('directConnection', byTarget, target).map(({ owner }) => owner));
}
