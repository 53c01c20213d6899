import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';
import type { Privileges, User } from './security';

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

/**
 * Pod Security `restricted`, for each container, so that it holds whatever happens to the pod's own context; less only where
 * an exception says so. A privileged container has all capabilities and no seccomp profile, whatever is written.
 */
export function containerSecurity(user: User, { capabilities, root, privileged }: Privileges = NO_PRIVILEGES): SecurityContext {
  return {
    allowPrivilegeEscalation: privileged,
    capabilities: privileged ? undefined : { drop: ['ALL'], add: capabilities.length > 0 ? [...capabilities] : undefined },
    privileged,
    readOnlyRootFilesystem: true,
    runAsNonRoot: !root,
    seccompProfile: privileged ? undefined : { type: 'RuntimeDefault' },
    ...(root ? { runAsUser: 0, runAsGroup: 0 } : user === false ? {} : { runAsUser: user, runAsGroup: user }),
  };
}

const NO_PRIVILEGES: Privileges = { capabilities: [], root: false, privileged: false };
