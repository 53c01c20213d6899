import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { carriedByYaml } from '../schema/carried-text';
import { isLabelValue } from '../schema/syntax';

export type Labels = Record<string, string>;

/**
 * The one label that selectors use. It identifies a workload: unique in its namespace, never changed, and never a
 * version, since the selector of a Deployment is immutable.
 */
export const IDENTITY_LABEL = 'app.kubernetes.io/instance';

export const VERSION_LABEL = 'app.kubernetes.io/version';

export function identity(name: string): Labels {
  return { [IDENTITY_LABEL]: name };
}

/**
 * The recommended labels of a block, in addition to labels of its chart and of the caller.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function recommended(construct: IConstruct, name: string, component: string | undefined, own: Labels): Labels {
  const ours: Labels = { 'app': name, 'app.kubernetes.io/name': name, 'app.kubernetes.io/managed-by': 'cdk8s' };
  if (component !== undefined) ours['app.kubernetes.io/component'] = component;
  return { ...Chart.of(construct).labels, ...ours, ...own, ...identity(name) };
}

/** `version` as a label, or no label if the tag is no valid label value. */
export function versionLabel(version: string | undefined): Labels {
  return version !== undefined && version !== '' && isLabelValue(version) && carriedByYaml(version)
    ? { [VERSION_LABEL]: version }
    : {};
}
