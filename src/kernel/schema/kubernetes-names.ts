import type { Advice } from './reader';

const securityContext: Advice = (offered) => {
  const own = ['user', 'writablePaths'].filter((prop) => offered.includes(prop)).map((prop) => `'${prop}'`);
  return `The block sets it. Only ${own.join(' and ')} can be changed`;
};

/** Pod fields that callers know from Kubernetes, and what replaces them here. */
export const KUBERNETES_NAMES: Readonly<Record<string, Advice>> = {
  envFrom: 'Call addEnvFrom(...) of the workload',
  securityContext,
  serviceAccountName: "The workload creates its own ServiceAccount: grant the rights to its 'serviceAccount'",
  topologySpreadConstraints: "Use 'spread'",
  volumeMounts: 'Call mount(...) or mountSecret(...) of the workload',
  volumes: 'Call mount(...) or mountSecret(...) of the workload',
};

/** The same for sidecars and init containers. */
export const KUBERNETES_NAMES_OF_CONTAINER: Readonly<Record<string, Advice>> = {
  envFrom: "Use 'env': addEnvFrom(...) of the workload applies to the main container only",
  securityContext,
  volumeMounts: "Call mount(...) or mountSecret(...) of the workload, with the container's name in 'containers'",
};
