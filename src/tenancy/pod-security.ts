import type { IConstruct } from 'constructs';
import type { Labels } from '../kernel/emit/labels';
import { clusterOf } from '../kernel/model/cluster-facts';

type Level = 'restricted' | 'baseline' | 'privileged';

/**
 * Pod Security labels of a Namespace. The level is enforced in the oldest version of the cluster, so an upgrade refuses
 * no pod that ran before. Warnings and audit records use the newest version.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function podSecurityLabels(owner: IConstruct, enforced: Level, warned: Level): Labels {
  const key = (mode: string): string => `pod-security.kubernetes.io/${mode}`;
  // a profile can be assigned later
  const version = { resolve: (): string => `v${clusterOf(owner).version}` } as unknown as string;
  return {
    [key('enforce')]: enforced,
    [key('enforce-version')]: version,
    [key('warn')]: warned,
    [key('warn-version')]: 'latest',
    [key('audit')]: 'restricted',
    [key('audit-version')]: 'latest',
  };
}
