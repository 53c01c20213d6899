import type { IConstruct } from 'constructs';
import type { RoleSettings, SubjectSettings } from './rule-settings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { PerApp } from '../kernel/model/per-app';

/** A role that subjects have, in one namespace or in all. */
export interface Grant {
  readonly owner: IConstruct;
  readonly role: RoleSettings;
  readonly subjects: readonly SubjectSettings[];
  /** The namespace of the binding; undefined in a chart without one. */
  readonly namespace: string | undefined;
  readonly clusterWide: boolean;
}

/** All grants of an app, and those of single subjects, so that a question costs no walk over all. */
class Grants {
  public readonly all: Grant[] = [];
  private readonly bySubject = new Map<string, Grant[]>();
  private readonly byHome = new Map<string, Grant[]>();

  public add(grant: Grant): void {
    this.all.push(grant);
    for (const subject of grant.subjects) {
      append(this.bySubject, subjectId(subject), grant);
      if (subject.kind === 'ServiceAccount') append(this.byHome, subject.namespace, grant);
    }
  }

  public of(subject: SubjectSettings): readonly Grant[] {
    return this.bySubject.get(subjectId(subject)) ?? [];
  }

  public ofAccountsIn(namespace: string): readonly Grant[] {
    return this.byHome.get(namespace) ?? [];
  }
}

function append(index: Map<string, Grant[]>, key: string, grant: Grant): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [grant]);
  else if (!known.includes(grant)) known.push(grant);
}

const grants = new PerApp<Grants>(() => new Grants());

export function recordGrant(grant: Grant): void {
  grants.of(grant.owner).add(grant);
}

export function recordedGrants(app: IConstruct): readonly Grant[] {
  return grants.of(app).all;
}

/** All grants that a subject has on the cluster of `construct`. To be asked at synthesis. */
export function grantsOf(construct: IConstruct, subject: SubjectSettings): Grant[] {
  return onCluster(construct, grants.of(construct).of(subject));
}

/** All grants to ServiceAccounts of a namespace, on the cluster of `construct`. To be asked at synthesis. */
export function grantsOfAccountsIn(construct: IConstruct, namespace: string): Grant[] {
  return onCluster(construct, grants.of(construct).ofAccountsIn(namespace));
}

function onCluster(construct: IConstruct, found: readonly Grant[]): Grant[] {
  const { name } = clusterOf(construct);
  return found.filter(({ owner }) => clusterOf(owner).name === name);
}

/** A subject as one word, for comparisons. */
export function subjectId(subject: SubjectSettings): string {
  return JSON.stringify([subject.kind, subject.kind === 'ServiceAccount' ? subject.namespace : '', subject.name]);
}
