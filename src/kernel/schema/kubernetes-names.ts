import type { Advice } from './reader';

const securityContext: Advice = (offered) => {
  const own = ['user', 'writablePaths'].filter((prop) => offered.includes(prop)).map((prop) => `'${prop}'`);
  return `It is set; of it, ${own.join(' and ')} ${own.length === 1 ? 'is' : 'are'} yours`;
};

/** Fields of a pod that callers know from Kubernetes, and what takes their place here. */
export const KUBERNETES_NAMES: Readonly<Record<string, Advice>> = {
  envFrom: 'Call addEnvFrom(...) of the workload',
  securityContext,
  serviceAccountName: 'The workload has a ServiceAccount of its own, its serviceAccount: grant the rights to that',
  topologySpreadConstraints: "Use 'spread'",
  volumeMounts: 'Call mount(...) or mountSecret(...) of the workload',
  volumes: 'Call mount(...) or mountSecret(...) of the workload',
};

/** The same of a container beside the main one. */
export const KUBERNETES_NAMES_OF_CONTAINER: Readonly<Record<string, Advice>> = {
  envFrom: "Use 'env': addEnvFrom(...) of the workload fills the main container alone",
  securityContext,
  volumeMounts: "Call mount(...) or mountSecret(...) of the workload, with the container's name in 'containers'",
};
