import type {
  ValidatingAdmissionPolicyBindingSpec,
  ValidatingAdmissionPolicySpec,
} from 'kubernetes-types/admissionregistration/v1';
import { EXPIRES_AT_ANNOTATION, EXPIRES_LABEL, TTL_ANNOTATION } from '../../tenancy/expiry';

declare module 'kubernetes-types/admissionregistration/v1' {
  // missing from the generated types
  interface NamedRuleWithOperations {
    resources?: string[];
  }
}

/** `user`: the reaper's name for the API server. */
export function renderReaperPolicy(user: string): ValidatingAdmissionPolicySpec {
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['namespaces'] }],
    },
    matchConditions: [{ name: 'is-the-reaper', expression: `request.userInfo.username == '${user}'` }],
    validations: [
      {
        expression:
          `has(oldObject.metadata.labels) && '${EXPIRES_LABEL}' in oldObject.metadata.labels && ` +
          `oldObject.metadata.labels['${EXPIRES_LABEL}'] == 'true'`,
        message: `the reaper deletes only namespaces with the label ${EXPIRES_LABEL}=true`,
      },
      {
        expression:
          `has(oldObject.metadata.annotations) && ('${TTL_ANNOTATION}' in oldObject.metadata.annotations ` +
          `|| '${EXPIRES_AT_ANNOTATION}' in oldObject.metadata.annotations)`,
        message: `the reaper deletes only namespaces with the annotation ${TTL_ANNOTATION} or ${EXPIRES_AT_ANNOTATION}`,
      },
      {
        expression: "oldObject.metadata.name != 'default' && !oldObject.metadata.name.startsWith('kube-')",
        message: 'the reaper deletes no namespace of Kubernetes',
      },
    ],
  };
}

export function renderReaperPolicyBinding(policyName: string): ValidatingAdmissionPolicyBindingSpec {
  return { policyName, validationActions: ['Deny'] };
}
