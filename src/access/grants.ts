import type { IConstruct } from 'constructs';
import type { RoleSettings, SubjectSettings } from './rule-settings';
import { AppModel } from '../kernel/facts/app-model';
import type { Facts } from '../kernel/facts/fact-map';
import { clusterOf } from '../kernel/model/cluster-facts';

/** A role of subjects, in one namespace or in all. */
export interface Grant {
  readonly owner: IConstruct;
  readonly role: RoleSettings;
  readonly subjects: readonly SubjectSettings[];
  /** The namespace of the binding; undefined in a chart without one. */
  readonly namespace: string | undefined;
  readonly clusterWide: boolean;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly grant: Grant;
  }
}

const bySubject = ({ subjects }: Grant): string[] => subjects.map(subjectId);
/** By the namespaces of its ServiceAccounts. */
const byHome = ({ subjects }: Grant): string[] =>
  subjects.flatMap((subject) => (subject.kind === 'ServiceAccount' ? [subject.namespace] : []));

export function recordGrant(grant: Grant): void {
  AppModel.of(grant.owner).add('grant', grant);
}

export function recordedGrants(facts: Facts): readonly Grant[] {
  return facts.all('grant');
}

/** All grants of a subject on the cluster of `construct`. Call it at synthesis. */
export function grantsOf(facts: Facts, construct: IConstruct, subject: SubjectSettings): Grant[] {
  return onCluster(construct, facts.by('grant', bySubject, subjectId(subject)));
}

/** All grants to ServiceAccounts of a namespace, on the cluster of `construct`. Call it at synthesis. */
export function grantsOfAccountsIn(facts: Facts, construct: IConstruct, namespace: string): Grant[] {
  return onCluster(construct, facts.by('grant', byHome, namespace));
}

function onCluster(construct: IConstruct, found: readonly Grant[]): Grant[] {
  const { name } = clusterOf(construct);
  return found.filter(({ owner }) => clusterOf(owner).name === name);
}

/** A subject as one word, for comparisons. */
export function subjectId(subject: SubjectSettings): string {
  return JSON.stringify([subject.kind, subject.kind === 'ServiceAccount' ? subject.namespace : '', subject.name]);
}
