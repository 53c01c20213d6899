/** Fields of a pod that callers know from Kubernetes, and what takes their place here. */
export const KUBERNETES_NAMES: Readonly<Record<string, string>> = {
  envFrom: 'Call addEnvFrom(...) of the workload',
  securityContext: "It is set; of it, 'user' and 'writablePaths' are yours",
  serviceAccountName: 'The workload has a ServiceAccount of its own, its serviceAccount: grant the rights to that',
  topologySpreadConstraints: "Use 'spread'",
  volumeMounts: 'Call mount(...) or mountSecret(...) of the workload',
  volumes: 'Call mount(...) or mountSecret(...) of the workload',
};
