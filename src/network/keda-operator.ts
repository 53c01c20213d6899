import type { IConstruct } from 'constructs';
import { clusterOf } from '../kernel/model/cluster-facts';

/** The label of the pods of KEDA's operator, with Helm, with its manifests and with OLM. */
export const OPERATOR_LABELS = { app: 'keda-operator' };

/** The namespace of KEDA's operator. Read it at synthesis. */
export function operatorNamespace(construct: IConstruct): string {
  return clusterOf(construct).kedaNamespace ?? 'keda';
}
