import type { Chart } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { type ConnectivityCheckOptions, ExternalService, ExternalTarget, NameEgress, NetworkTiers } from '../../../src';
import { type Manifest, only, problemsOf, synth, untyped } from '../../support';

const IMAGE = { image: 'docker.io/library/busybox:1.37.0' };

function check(
  chart: Chart,
  target = ExternalTarget.addresses(['10.40.0.10']),
  options: ConnectivityCheckOptions = IMAGE,
): void {
  const password = { secret: Secret.fromSecretName(chart, 'passwd', 'db-passwd'), key: 'passwd' };
  new ExternalService(chart, 'database', {
    target,
    port: 3306,
    servicePort: target._kind === 'name' ? 3306 : 33306,
    password,
  }).connectivityCheck(options);
}

function objectsOf(target?: ExternalTarget, options?: ConnectivityCheckOptions): Manifest[] {
  return synth((chart) => check(chart, target, options));
}

describe('the check of the way to a target (CH13-01, SYS-13-02)', () => {
  const objects = objectsOf();
  const job = only(objects, 'Job');
  const [container] = job.spec.template.spec.containers;

  test('is a Job that connects by the name of the Service', () => {
    expect(container.image).toBe(IMAGE.image);
    expect(container.command).toEqual([
      'sh',
      '-c',
      'nc -z -w 5 "$TARGET_HOST" "$TARGET_PORT" || { echo "no connection to $TARGET_HOST:$TARGET_PORT" >&2; exit 1; }',
    ]);
    expect(container.env).toEqual([
      { name: 'TARGET_HOST', value: 'app-database' },
      { name: 'TARGET_PORT', value: '33306' },
    ]);
    expect(job.spec).toMatchObject({ activeDeadlineSeconds: 300, backoffLimit: 3 });
    expect(job.spec.template.spec.restartPolicy).toBe('Never');
  });

  test('passes the same policies as a client with closed egress', () => {
    expect(only(objects, 'NetworkPolicy').spec.egress[1]).toEqual({
      to: [{ ipBlock: { cidr: '10.40.0.10/32' } }],
      ports: [{ port: 3306, protocol: 'TCP' }],
    });
  });

  test('gets no credential', () => {
    expect(job.spec.template.spec.volumes.map(({ name }: Manifest) => name as string)).toEqual(['tmp']);
  });

  test('is a new one for a new target, and the same for the same', () => {
    const nameOf = (address: string): string =>
      only(objectsOf(ExternalTarget.addresses([address])), 'Job').metadata.name as string;
    expect(nameOf('10.40.0.10')).toBe(job.metadata.name);
    expect(nameOf('10.40.0.11')).not.toBe(job.metadata.name);
    expect(job.metadata.name).toMatch(/^app-database-check-[0-9a-f]{8}$/);
  });

  test('of a DNS name goes out by the policy for names, or by open egress where there is none', () => {
    const policy = only(
      objectsOf(ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() })),
      'CiliumNetworkPolicy',
    );
    expect(policy.spec.endpointSelector).toEqual({
      matchLabels: { 'app.kubernetes.io/instance': 'app-database-check' },
    });
    expect(only(objectsOf(ExternalTarget.dnsName('db.example.com')), 'NetworkPolicy').spec.policyTypes).toEqual([
      'Ingress',
    ]);
  });

  test('of a DNS name that nobody said how to open is refused in a tier for that alone, as a client would be', () => {
    expect(
      problemsOf((chart) => {
        const way = new ExternalService(chart, 'database', {
          target: ExternalTarget.dnsName('db.example.com'),
          port: 3306,
        }).connectivityCheck(IMAGE);
        new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'checks' }] }).add('checks', way);
      }),
    ).toEqual(['[app/database] target: external/unreachable-target']);
  });

  test('can run another command', () => {
    expect(
      only(objectsOf(undefined, { ...IMAGE, command: ['/check'] }), 'Job').spec.template.spec.containers[0].command,
    ).toEqual(['/check']);
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no image', {}, ['[app/database/Check] image: props/required']],
    ['a misspelt option', { ...IMAGE, comand: ['a'] }, ['[app/database] connectivityCheck.comand: props/unknown']],
  ])('is refused with %s', (_title, options, messages) => {
    expect(problemsOf((chart) => check(chart, undefined, untyped(options)))).toEqual(messages);
  });
});
