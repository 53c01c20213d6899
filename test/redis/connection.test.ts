import { App, type Chart, Size } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { Construct, type IConstruct } from 'constructs';
import {
  type Connection,
  ExistingNamespace,
  type IConnectionTarget,
  Peer,
  Redis,
  type RedisProps,
  WebService,
} from '../../src';
import { type Manifest, newChart, only, synth, warningsIn, WEB } from '../support';

function redisIn(chart: Chart, props: Partial<RedisProps> = {}): Redis {
  const secret = Secret.fromSecretName(chart, 'redis-passwd', 'redis-passwd');
  return new Redis(chart, 'redis', {
    name: 'store',
    password: { secret, key: 'passwd' },
    storage: Size.gibibytes(10),
    ...props,
  });
}

/** A Redis that somebody else runs, at an address outside of the cluster. */
class ManagedRedis extends Construct implements IConnectionTarget {
  public toPeer(): Peer {
    return Peer.cidr('10.20.0.0/16');
  }

  public connectionFor(): Connection {
    return {
      host: 'redis.example.com',
      readHost: 'redis-read.example.com',
      port: 6379,
      password: { secret: Secret.fromSecretName(this, 'passwd', 'managed-passwd'), key: 'passwd' },
    };
  }

  public allowFrom(): void {
    // its firewall is not ours
  }
}

function clientOf(target: (chart: Chart) => IConnectionTarget): Manifest[] {
  return synth((chart) =>
    new WebService(chart, 'web', { ...WEB, name: 'web', egress: 'declared' }).connectTo(target(chart)),
  );
}

describe('a client', () => {
  test('writes to the primary and reads from any member (CH01-59)', () => {
    const { env } = only(clientOf(redisIn), 'Deployment').spec.template.spec.containers[0];
    expect(env).toEqual([
      { name: 'REDIS_HOST', value: 'store' },
      { name: 'REDIS_PORT', value: '6379' },
      { name: 'REDIS_READ_HOST', value: 'store-read' },
      { name: 'REDIS_PASSWORD_FILE', value: '/var/run/secrets/redis/passwd' },
    ]);
  });

  test('finds Services behind both host names (CH01-58, CH01-59)', () => {
    const manifests = clientOf(redisIn);
    expect(only(manifests, 'Service', 'store').spec.selector).toHaveProperty(
      ['statefulset.kubernetes.io/pod-name'],
      'store-0',
    );
    expect(only(manifests, 'Service', 'store-read').spec.selector).not.toHaveProperty([
      'statefulset.kubernetes.io/pod-name',
    ]);
  });

  test('reads the password from the same key of the same Secret as the server (CH01-46, CH01-35)', () => {
    const manifests = clientOf(redisIn);
    const secretsOf = (kind: string) =>
      only(manifests, kind).spec.template.spec.volumes.flatMap(({ secret }: Manifest) => secret ?? []);
    const [client, server] = [secretsOf('Deployment'), secretsOf('StatefulSet')];
    expect(client).toHaveLength(1);
    expect(server).toHaveLength(1);
    expect(client[0].secretName).toBe(server[0].secretName);
    expect(client[0].items[0].key).toBe(server[0].items[0].key);
  });

  test('is admitted beside the members', () => {
    const instance = (name: string) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/instance': name } } });
    const ports = [{ port: 6379, protocol: 'TCP' }];
    const manifests = clientOf(redisIn);
    expect(only(manifests, 'NetworkPolicy', 'store').spec.ingress).toEqual([
      { from: [instance('store')], ports },
      { from: [instance('web')], ports },
    ]);
    expect(only(manifests, 'NetworkPolicy', 'web').spec.egress).toContainEqual({ to: [instance('store')], ports });
  });

  test('connects to a managed Redis in the same way (CH01-49)', () => {
    const manifests = clientOf((chart) => new ManagedRedis(chart, 'redis'));
    expect(only(manifests, 'Deployment').spec.template.spec.containers[0].env).toEqual([
      { name: 'REDIS_HOST', value: 'redis.example.com' },
      { name: 'REDIS_PORT', value: '6379' },
      { name: 'REDIS_READ_HOST', value: 'redis-read.example.com' },
      { name: 'REDIS_PASSWORD_FILE', value: '/var/run/secrets/redis/passwd' },
    ]);
    expect(only(manifests, 'NetworkPolicy', 'web').spec.egress).toContainEqual({
      to: [{ ipBlock: { cidr: '10.20.0.0/16' } }],
      ports: [{ port: 6379, protocol: 'TCP' }],
    });
  });
});

describe('the outputs', () => {
  test('are host, host for reads, port and the key with the password', () => {
    const redis = redisIn(newChart());
    expect([redis.host, redis.readHost, redis.port]).toEqual(['store', 'store-read', 6379]);
    expect([redis.password.secret.name, redis.password.key]).toEqual(['redis-passwd', 'passwd']);
  });

  test('are short in the same namespace, and qualified for a client of another one', () => {
    const app = new App();
    const redis = redisIn(newChart('data', 'data', app));
    const hostsFor = (client: IConstruct) => {
      const { host, readHost, port } = redis.connectionFor(client);
      return { host, readHost, port };
    };
    expect(hostsFor(newChart('data', 'near', app))).toEqual({ host: 'store', readHost: 'store-read', port: 6379 });
    expect(hostsFor(newChart('web', 'far', app))).toEqual({
      host: 'store.data.svc',
      readHost: 'store-read.data.svc',
      port: 6379,
    });
  });
});

describe('the warning', () => {
  const warningsOf = (replicas?: number) => {
    const chart = newChart();
    redisIn(chart, { replicas });
    new ExistingNamespace(chart, 'namespace', { defaultDeny: false });
    return warningsIn(chart);
  };

  test('says what two members lack (CH01-54)', () => {
    expect(warningsOf(2)).toEqual(['[app/redis] replicas: redis/two-replicas']);
  });

  test.each([[1], [3], [undefined]])('is absent for replicas %p', (replicas) => {
    expect(warningsOf(replicas)).toEqual([]);
  });
});
