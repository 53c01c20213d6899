import { App, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { PrivilegedException, PrivilegedWorkload, RuntimeClass, WebService } from '../../src';
import { appOf, BLOCKS, NAMES } from '../blocks/catalogue';
import type { BlockName } from '../blocks/names';
import { build } from '../cluster/acceptance/terms';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

/** Chapter 10 of the book: Pod Security, of which each workload keeps the level `restricted` without being asked. */
const IMAGE = 'ghcr.io/acme/app:1.4.2';
/** The blocks that run pods, but for the one that is for exceptions. */
const WITH_PODS = NAMES.filter(
  (name) =>
    !BLOCKS[name].isPrivileged &&
    BLOCKS[name].emits.some((kind) => ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'].includes(kind)),
);
const MORE: Partial<Record<BlockName, object>> = {
  WebService: { sidecars: [{ name: 'proxy', image: IMAGE }], initContainers: [{ name: 'init', image: IMAGE }] },
};

/** The pods of one block, with its least props and those above. */
function podsOf(name: BlockName): Manifest[] {
  const chart = newChart();
  build(appOf(name, { ...BLOCKS[name].minimal, ...MORE[name] }), chart);
  return App.of(chart)
    .charts.flatMap((one) => Testing.synth(one) as Manifest[])
    .filter(({ metadata }) => /^app-x\b/.test(metadata.name as string))
    .flatMap(({ spec }) => spec?.template?.spec ?? spec?.jobTemplate?.spec.template.spec ?? []) as Manifest[];
}

const PODS = WITH_PODS.flatMap(podsOf);
const CONTAINERS = PODS.flatMap(
  ({ containers, initContainers }) => [...containers, ...(initContainers ?? [])] as Manifest[],
);

describe('the pods of all workloads', () => {
  test('keep to one profile, written once and the same for all (CH10-01, CH10-02, CH10-24, CH10-30, S10-04)', () => {
    expect(WITH_PODS).toEqual(expect.arrayContaining(['WebService', 'Worker', 'Redis', 'NamespaceReaper']));
    expect(PODS).toHaveLength(WITH_PODS.length);
    expect(CONTAINERS.length).toBeGreaterThanOrEqual(PODS.length + 2);
    expect(
      new Set(
        CONTAINERS.map(({ securityContext: { runAsUser, runAsGroup, ...rest } }) =>
          JSON.stringify([runAsUser === runAsGroup, rest]),
        ),
      ).size,
    ).toBe(1);
  });

  test('are not privileged, gain no privileges and have no capabilities (CH10-10, CH10-11, CH10-12, CH10-13)', () => {
    for (const { securityContext } of CONTAINERS) {
      expect(securityContext).toMatchObject({
        privileged: false,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    }
    for (const { securityContext } of CONTAINERS) expect(securityContext.capabilities.add).toBeUndefined();
  });

  test('have volumes that Pod Security knows, and can mount no others (CH10-14)', () => {
    expect(
      [
        ...new Set(
          PODS.flatMap(({ volumes }) =>
            (volumes as Manifest[]).flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name')),
          ),
        ),
      ].sort(),
    ).toEqual(['configMap', 'emptyDir', 'secret']);
    expect(
      problemsOf((chart) =>
        new WebService(chart, 'web', WEB).mount(
          '/logs',
          kplus.Volume.fromHostPath(chart, 'v', 'logs', { path: '/var/log' }),
        ),
      ),
    ).toHaveLength(1);
  });

  test('share nothing with the node: no network, processes, memory or ports (CH10-16)', () => {
    for (const pod of PODS) {
      expect([pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([undefined, undefined, undefined]);
    }
    expect(
      CONTAINERS.flatMap(({ ports }) => (ports ?? []) as Manifest[]).filter(({ hostPort }) => hostPort !== undefined),
    ).toEqual([]);
  });

  test("do not run as root, nor with groups of root; SELinux is the runtime's (CH10-17, CH10-18, CH10-19, CH10-20)", () => {
    for (const { securityContext } of PODS) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect([
        securityContext.runAsUser > 0,
        securityContext.runAsGroup > 0,
        securityContext.fsGroup > 0,
        securityContext.supplementalGroups,
        securityContext.seLinuxOptions,
      ]).toEqual([true, true, true, undefined, undefined]);
    }
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, user: 0 }))).toHaveLength(1);
  });

  test('cannot write to their image (CH10-21)', () => {
    for (const { securityContext } of CONTAINERS) expect(securityContext.readOnlyRootFilesystem).toBe(true);
  });

  test('have each an identity of their own, without a token (CH10-26, CH10-33)', () => {
    for (const name of WITH_PODS) {
      const usesApi = BLOCKS[name].emits.some((kind) => kind.endsWith('RoleBinding'));
      for (const pod of podsOf(name)) {
        expect([name, pod.serviceAccountName, pod.automountServiceAccountToken]).toEqual([
          name,
          expect.stringMatching(/^app-x/),
          usesApi,
        ]);
      }
    }
  });

  test('share no identity with each other (CH10-33)', () => {
    const manifests = synth((chart) => ['one', 'other'].map((id) => new WebService(chart, id, WEB)));
    const accounts = manifests.flatMap(({ spec }) => (spec?.template?.spec.serviceAccountName as string) ?? []);
    expect(accounts).toEqual(['app-one', 'app-other']);
  });

  test('have images that are fixed: one without a tag is refused (CH10-46, S10-02)', () => {
    expect(
      problemsOf((chart) => new WebService(chart, 'pause', { ...WEB, image: 'registry.k8s.io/pause' })),
    ).toHaveLength(1);
  });

  test('that are sandboxed have all else as well (CH10-42)', () => {
    const manifests = synth(
      (chart) =>
        new WebService(chart, 'web', { ...WEB, runtimeClass: new RuntimeClass(chart, 'gvisor', { handler: 'runsc' }) }),
    );
    expect(manifests.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['NetworkPolicy', 'ServiceAccount']));
    expect(only(manifests, 'Deployment').spec.template.spec.containers[0].securityContext.capabilities.drop).toEqual([
      'ALL',
    ]);
  });
});

test('runtime detection, an agent that sees all of the node, is a privileged workload (CH10-45, S10-12)', () => {
  const manifests = synth(
    (chart) =>
      new PrivilegedWorkload(chart, 'falco', {
        image: 'docker.io/falcosecurity/falco:0.41.3',
        owner: 'security@example.com',
        tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
        exceptions: [
          PrivilegedException.rootUser({ reason: 'Loads programs into the kernel' }),
          PrivilegedException.capabilities(['BPF', 'PERFMON', 'SYS_PTRACE', 'SYS_RESOURCE'], {
            reason: 'Loads programs into the kernel, and reads what they report',
          }),
          PrivilegedException.hostProcesses({ reason: 'Names the process of each event' }),
          PrivilegedException.hostPath('/proc', { reason: 'Names the process of each event', handsOverNode: true }),
        ],
      }),
  );
  expect(only(manifests, 'DaemonSet').spec.template.spec).toMatchObject({
    hostPID: true,
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
  });
  expect(only(manifests, 'Namespace').metadata.labels['pod-security.kubernetes.io/enforce']).toBe('privileged');
});

test('a workload cannot ask for privileges by other props (CH10-29)', () => {
  expect(
    problemsOf(
      (chart) => new WebService(chart, 'web', untyped({ ...WEB, privileged: true, hostNetwork: true, exceptions: [] })),
    ),
  ).toEqual([
    '[app/web] privileged: props/unknown',
    '[app/web] hostNetwork: props/unknown',
    '[app/web] exceptions: props/unknown',
  ]);
});
