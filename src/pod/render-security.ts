import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';
import type { User } from './security';

/**
 * Pod Security `restricted`, for the pod.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function podSecurity(user: User): PodSecurityContext {
  return {
    runAsNonRoot: true,
    // the default, Always, walks through all files of a volume at each start
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
    ...(user === false ? {} : { runAsUser: user, runAsGroup: user, fsGroup: user }),
  };
}

/** Pod Security `restricted`, for each container, so that it holds whatever happens to the pod's own context. */
export function containerSecurity(user: User): SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
    ...(user === false ? {} : { runAsUser: user, runAsGroup: user }),
  };
}
