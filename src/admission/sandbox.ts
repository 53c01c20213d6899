import type { IConstruct } from 'constructs';
import type { SubjectSettings } from '../access/rule-settings';
import { AppModel } from '../kernel/facts/app-model';
import type { Facts } from '../kernel/facts/fact-map';

/** A namespace whose editors can act as all of its ServiceAccounts. */
export interface Sandbox {
  readonly owner: IConstruct;
  readonly name: string;
  readonly editors: readonly SubjectSettings[];
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly sandbox: Sandbox;
  }
}

const byOwner = ({ owner }: Sandbox): IConstruct[] => [owner];

export function stateSandbox(sandbox: Sandbox): void {
  AppModel.of(sandbox.owner).add('sandbox', sandbox);
}

export function isSandbox(facts: Facts, construct: IConstruct): boolean {
  return facts.by('sandbox', byOwner, construct).length > 0;
}
