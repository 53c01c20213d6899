import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import { refuseUnschedulable } from './fits-cluster';
import { refuseForeignCluster } from './foreign-cluster';
import { DECLARE_THERE, refusesNamespace } from '../config/references';
import type { VersionedConfigMap } from '../config/versioned-config-map';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { hasInjectedProxy, ISTIO_NATIVE } from '../network/injected-proxy';
import { reachesAddresses } from '../network/usable-edges';
import { refuseUndeclared } from '../pod/container';
import { refuseTooLarge } from '../pod/empty-dirs';
import type { PodSettings } from '../pod/pod-settings';
import { configOf, type Reference, variableReferences } from '../pod/references';
import type {} from '../pod/workload-facts';

const schedulable = refuses('podTemplate', ({ owner, pod }, problems) =>
  refuseUnschedulable(pod, clusterOf(owner), problems),
);

const references = refuses('podTemplate', ({ owner, pod }, problems) => refuseReferences(owner, pod, problems));

const undeclared = refuses('podTemplate', ({ pod, addedVariables }, problems) => {
  for (const container of pod.containers) {
    refuseUndeclared(container, addedVariables, problems, container.role === 'main' ? '' : `${container.name}.`);
  }
});

const directories = refuses('emptyDirs', ({ pod, dirs }, problems) => refuseTooLarge(pod.containers, dirs, problems));

const UNUSABLE_TOKEN: Warning = {
  rule: 'network/unusable-token',
  prop: 'serviceAccountToken',
  got: 'true, with closed egress and no edge to the API server',
  expected: 'an edge to the API server, or no token',
  text:
    'serviceAccountToken: egress is closed, and no edge leads to the API server. Add egressTo: ' +
    '[Egress.apiServer()], or leave the token out',
};

const token = warns('podTemplate', ({ owner, pod }) =>
  pod.mountToken && !reachesAddresses(owner) ? [UNUSABLE_TOKEN] : [],
);

/** Pods that are deleted before their work ends. */
const pool = warns(
  'podTemplate',
  ({
    pod: {
      placement: { poolSeconds },
    },
    endsAfter,
  }): Warning[] => {
    if (poolSeconds === undefined || endsAfter <= poolSeconds) return [];
    return [
      {
        rule: 'scheduling/pool-evicts',
        prop: 'placeOn.staysFor',
        got: `${poolSeconds} s`,
        expected: 'a time in which the work ends, or none',
        text:
          `placeOn: the taint is always there, so each pod is deleted after ${poolSeconds} s on a node of the pool, ` +
          'and its successor again. ' +
          "Leave 'staysFor' out, unless the work ends before",
      },
    ];
  },
);

const MESHED: Warning = {
  rule: 'job/mesh-proxy',
  prop: 'podAnnotations',
  got: 'the proxy of a mesh, which does not end',
  expected: 'a native sidecar, or no proxy',
  text:
    'the pods get the proxy of a mesh, and end only where it is a native sidecar: ' +
    "ask for that with podAnnotations: { 'sidecar.istio.io/nativeSidecar': 'true' }, or leave the job out of the " +
    'tiers of the mesh',
};

const mesh = warns('podTemplate', ({ kind, pod }) => {
  const ends = kind === 'Job' || kind === 'CronJob';
  return ends && hasInjectedProxy(pod.labels()) && pod.annotations[ISTIO_NATIVE] !== 'true' ? [MESHED] : [];
});

/** A name that stays the same while its content changes: what is versioned has another name then. */
const subPaths = warns('podTemplate', ({ pod }) => {
  const { containers, volumes } = pod;
  return containers.flatMap(({ mounts }) =>
    mounts
      .filter(({ subPath }) => subPath !== undefined)
      .flatMap(({ volume, path }): Warning[] => {
        const { source, origin } = volumes.find(({ name }) => name === volume) ?? { source: {} };
        const { configMap, secret } = source as { configMap?: { name: string }; secret?: { secretName: string } };
        if (origin !== undefined || (configMap ?? secret) === undefined) return [];
        const given = configMap ? `ConfigMap '${configMap.name}'` : `Secret '${secret!.secretName}'`;
        return [
          {
            rule: 'workload/sub-path',
            prop: 'mount.subPath',
            got: `a file of ${given}`,
            expected: 'the directory, or a name that changes with the content',
            text:
              `mount.subPath: '${path}' is a file of ${given}, and never sees an update: mount the directory, or use ` +
              'a ' +
              (configMap ? 'VersionedConfigMap' : 'VersionedSecret'),
          },
        ];
      }),
  );
});

const controller = refuses('outsidePods', (pods, problems) => {
  if (pods.controller() !== undefined) return;
  problems.refuse('runBy', undefined, 'the object that runs the pods', {
    rule: 'workload/no-controller',
    fix: 'Pass the Deployment to runBy(...) of the OwnPods',
  });
});

/**
 * Refuses what the variables of a pod refer to and will not find. To be asked at synthesis: all charts and profiles are
 * there.
 */
function refuseReferences(owner: IConstruct, pod: PodSettings, problems: Problems): void {
  for (const reference of variableReferences(pod)) {
    const { origin, prop, kind, name } = reference;
    if (origin && !refusesNamespace(owner, origin, problems, prop)) {
      refuseForeignCluster(owner, origin, problems, prop, DECLARE_THERE);
    }
    const config = kind === 'ConfigMap' ? configOf(owner, name, origin) : undefined;
    if (config === undefined) continue;
    refuseMissingKey(reference, config, problems);
    if (config.reload === 'watch') {
      problems.refuse(
        prop,
        new Verbatim(`ConfigMap ${config.baseName} with reload: 'watch'`),
        "one with reload: 'version' or 'checksum'",
        {
          rule: 'config/watched-variable',
          fix:
            'A running process never sees the new value of a variable: mount the ConfigMap, or let new content ' +
            'roll the pods',
        },
      );
    }
  }
}

/** The pod would never start. */
function refuseMissingKey({ key, optional, prop }: Reference, config: VersionedConfigMap, problems: Problems): void {
  if (key === undefined || optional || config._missingKeys.has(key)) return;
  const keys = config.keys.filter((known) => !config._binaryKeys.includes(known));
  if (!keys.includes(key)) {
    problems.refuse(prop, key, `a key of ConfigMap ${config.baseName} (${keys.join(', ')})`, {
      rule: 'reference/missing-key',
      fix: 'Name a key that the ConfigMap has: the pod would not start',
    });
  }
}

export const RULES = [schedulable, references, undeclared, directories, token, pool, subPaths, mesh, controller];
