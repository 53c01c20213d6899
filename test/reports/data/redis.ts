import { Size } from 'cdk8s';
import { Redis, SecretRef } from '../../../src';
import { type Manifest, only } from '../../support';
import { report, refused, right, told, type Report, type Seen } from '../report';

const PROPS = { password: { secret: SecretRef.named('redis'), key: 'passwd' }, storage: Size.gibibytes(1) };

const podOf = ({ manifests }: Seen): Manifest => only(manifests, 'StatefulSet').spec.template.spec;
const scripts = ({ manifests }: Seen): string => JSON.stringify(only(manifests, 'ConfigMap').data);

export const REDIS: readonly Report[] = [
  report(
    'bitnami-docker-redis#194, fly-apps/redis#18, nextcloud/vm#141, truenas/apps#811',
    'quotes, spaces, # and $() in a password',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('a file, read by no shell and no YAML', (seen) => {
      const [{ args, command, env }] = podOf(seen).containers;
      expect(JSON.stringify([args, command, env])).not.toMatch(/\$\(.*PASS/);
    }),
  ),
  report(
    'redis-operator#1791, bitnami#1544',
    'replicas keep the address that the primary had',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('replicas follow a DNS name', (seen) => expect(scripts(seen)).toContain('replicaof $(address_of')),
  ),
  report(
    'bitnami#8016, CloudPirates#510',
    'readiness ignores the link to the primary',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('readiness looks at master_link_status', (seen) => expect(scripts(seen)).toContain('master_link_status')),
  ),
  report(
    'bitnami#27597, sourcegraph#470',
    'probes without the password',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('probes log in by the file', (seen) => expect(scripts(seen)).toMatch(/REDISCLI_AUTH|passwd/)),
  ),
  report(
    'kubeblocks#5095',
    'the append-only file fills the disk',
    (chart) => new Redis(chart, 'redis', { ...PROPS, maxMemory: Size.mebibytes(512), storage: Size.gibibytes(1) }),
    refused('redis/volume-size'),
  ),
  report(
    'bitnami#28166, bitnami#20860, bitnami-docker-redis#199',
    'Redis on IPv6 alone',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('bind * -::*', (seen) => expect(JSON.stringify(seen.manifests)).toContain('* -::*')),
  ),
  report(
    'dataspoke#104, redis#6866, redis#11558',
    'no maxmemory, or one that is not that of the block',
    (chart) => new Redis(chart, 'redis', { ...PROPS, config: { maxmemory: '4gb' } }),
    refused('redis/directive'),
  ),
  report(
    'sourcegraph/deploy-sourcegraph#2898, alphagov/govuk-helm-charts#2870',
    'maxmemory is the limit of the container, and the kernel kills Redis before it evicts',
    (chart) => new Redis(chart, 'redis', { ...PROPS, maxMemory: Size.mebibytes(200) }),
    right('the limit has room above maxmemory', (seen) => {
      const limit = podOf(seen).containers[0].resources.limits.memory as string;
      expect(Number(/^(\d+)Mi$/.exec(limit)?.[1])).toBeGreaterThan(300);
    }),
  ),
  report(
    'redis/redis#2746, EBWiki/EBWiki#3997',
    'writes fail when memory is full, and nobody expects it',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('maxmemory-policy noeviction, by choice', (seen) =>
      expect(JSON.stringify(seen.manifests)).toContain('noeviction'),
    ),
  ),
  report(
    'helm/charts#6170, spotahome/redis-operator#79',
    'an upgrade changes fields of a StatefulSet that cannot change',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('claims have labels that no release changes', ({ manifests }) => {
      const [claim] = only(manifests, 'StatefulSet').spec.volumeClaimTemplates as Manifest[];
      expect(Object.keys(claim.metadata.labels ?? {})).not.toContain('app.kubernetes.io/version');
    }),
  ),
  report(
    'OT-CONTAINER-KIT/redis-operator#238',
    'another storage size is refused by the StatefulSet',
    (chart) => new Redis(chart, 'redis', { ...PROPS, storage: Size.gibibytes(20) }),
    told('stateful', 'Replace the StatefulSet. Its pods and claims stay, and the new one takes them over'),
  ),
  report(
    'kubernetes/kubernetes#74950, kubernetes/kubernetes#45779',
    'members of a StatefulSet do not resolve each other',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('serviceName is a headless Service that knows pods before they are ready', ({ manifests }) => {
      const { serviceName } = only(manifests, 'StatefulSet').spec;
      expect(only(manifests, 'Service', serviceName).spec).toMatchObject({
        clusterIP: 'None',
        publishNotReadyAddresses: true,
      });
    }),
  ),
  report(
    'authentik#11576, template-agent#324, 1Panel#8888',
    'a damaged append-only file: Redis does not start',
    (chart) => new Redis(chart, 'redis', PROPS),
    told('redis', 'redis-check-aof'),
  ),
  report(
    'kubernetes#67250, kubernetes#60164, zookeeper-operator#547',
    'a StatefulSet hangs after a bad release',
    (chart) => new Redis(chart, 'redis', PROPS),
    right('all members start at once, so the next release mends it', ({ manifests }) =>
      expect(only(manifests, 'StatefulSet').spec.podManagementPolicy).toBe('Parallel'),
    ),
  ),
  report(
    'redis-ha#359, spotahome#217, bitnami#9353',
    'a newline at the end of the password',
    (chart) => new Redis(chart, 'redis', PROPS),
    told('first-app', "tr -d '\\n'"),
  ),
];
