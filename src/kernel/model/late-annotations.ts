import type { IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';

/** Annotations of an object that are known when the app is complete. */
export interface LateAnnotations {
  readonly owner: IConstruct;
  /** The prop that adds most of them. */
  readonly prop: string;
  readonly all: () => Readonly<Record<string, string>>;
}

declare module '../facts/fact-map' {
  interface FactMap {
    readonly annotations: LateAnnotations;
  }
}

export function stateAnnotations(annotations: LateAnnotations): void {
  AppModel.of(annotations.owner).add('annotations', annotations);
}
