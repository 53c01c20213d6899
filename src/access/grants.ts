import type { IConstruct } from 'constructs';
import type { RoleSettings, SubjectSettings } from './rule-settings';
import { PerApp } from '../foundation/per-app';

/** A role that subjects have, in one namespace or in all. */
export interface Grant {
  readonly owner: IConstruct;
  readonly role: RoleSettings;
  readonly subjects: readonly SubjectSettings[];
  /** The namespace of the binding; undefined in a chart without one. */
  readonly namespace: string | undefined;
  readonly clusterWide: boolean;
}

const grants = new PerApp<Grant[]>(() => []);

export function recordGrant(grant: Grant): void {
  grants.of(grant.owner).push(grant);
}

export function recordedGrants(app: IConstruct): readonly Grant[] {
  return grants.of(app);
}

/** A subject as one word, for comparisons. */
export function subjectId(subject: SubjectSettings): string {
  return JSON.stringify([subject.kind, subject.kind === 'ServiceAccount' ? subject.namespace : '', subject.name]);
}
