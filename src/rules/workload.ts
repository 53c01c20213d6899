import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import { refuseUnschedulable } from './fits-cluster';
import { refuseForeignCluster } from './foreign-cluster';
import { logVolumes } from './log-volumes';
import { DECLARE_THERE, refusesNamespace } from '../config/references';
import type { VersionedConfigMap } from '../config/versioned-config-map';
import type { PassView } from '../kernel/facts/pass-view';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { isPreSync } from '../kubernetes/hooks';
import { mayEmptyImageFiles, mayHideImageFiles } from '../kubernetes/image-files';
import { hasInjectedProxy, ISTIO_NATIVE } from '../network/injected-proxy';
import { reachesAddresses } from '../network/usable-edges';
import { type ContainerSettings, refuseUndeclared } from '../pod/container';
import { refuseTooLarge } from '../pod/empty-dirs';
import type * as Heartbeat from '../pod/heartbeat';
import type * as PodLevel from '../pod/pod-resources';
import type { PodSettings } from '../pod/pod-settings';
import type { ProbeSettings } from '../pod/probe';
import { configOf, type Reference, variableReferences } from '../pod/references';
import { workloadsOf } from '../pod/workload-facts';

const schedulable = refuses('podTemplate', ({ owner, pod }, problems, view) => {
  const pods = pod.placement.spread === 'hosts' ? view.derive(mostPods).get(owner) : undefined;
  refuseUnschedulable(pod, clusterOf(owner), pods ?? 0, problems);
});

const beyondPod = refuses('podTemplate', ({ pod: { containers, whole } }, problems) => {
  if (whole === undefined) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const module = require('../pod/pod-resources') as typeof PodLevel;
  module.refuseBeyondPod(containers, whole, problems);
});

/** The most pods of each workload. */
function mostPods(view: PassView): Map<IConstruct, number> {
  return new Map(workloadsOf(view).map(({ construct, most }) => [construct, most]));
}

const references = refuses('podTemplate', ({ owner, pod }, problems) => refuseReferences(owner, pod, problems));

const undeclared = refuses('podTemplate', ({ pod, addedVariables }, problems) => {
  for (const container of pod.containers) {
    refuseUndeclared(container, addedVariables, problems, container.role === 'main' ? '' : `${container.name}.`);
  }
});

/** Mounts can follow the block. */
const heartbeats = refuses('podTemplate', ({ pod: { containers } }, problems) => {
  const [main] = containers;
  const { liveness, startup } = main.probes;
  const isBeat = ({ action }: ProbeSettings): boolean => action.kind === 'exec' && action.heartbeat !== undefined;
  if (![liveness, startup].some((probe) => probe && isBeat(probe))) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  (require('../pod/heartbeat') as typeof Heartbeat).refuseUnwritable(main, problems);
});

const directories = refuses('emptyDirs', ({ pod, dirs }, problems) => refuseTooLarge(pod.containers, dirs, problems));

const UNUSABLE_TOKEN: Warning = {
  rule: 'network/unusable-token',
  prop: 'serviceAccountToken',
  got: 'true, with egress closed to the API server',
  expected: 'egress to the API server, or no token',
  text:
    'serviceAccountToken: egress to the API server is closed. Add egressTo: ' +
    '[Egress.apiServer()], or omit the token',
};

const token = warns('podTemplate', ({ owner, pod }, view) =>
  pod.mountToken && !reachesAddresses(owner) && !reachesEntity(owner, view) ? [UNUSABLE_TOKEN] : [],
);

const byOwner = ({ owner }: { readonly owner: IConstruct }): IConstruct[] => [owner];

/** Whether a policy of Cilium opens the API server by its identity. */
function reachesEntity(owner: IConstruct, view: PassView): boolean {
  return clusterOf(owner).networkPlugin === 'cilium' && view.by('apiServerEgress', byOwner, owner).length > 0;
}

/** Warns of pods that the pool evicts before their work ends. */
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
        expected: 'a time in which the work finishes, or none',
        text:
          `placeOn: the taint is permanent, so each pod is evicted after ${poolSeconds} s on a node of the pool, ` +
          'and so is its successor. ' +
          "Omit 'staysFor', unless the work finishes before",
      },
    ];
  },
);

/** Volumes at paths where images may have their application. */
const hiddenFiles = warns('podTemplate', ({ pod: { containers } }) =>
  containers.flatMap((container) => hiddenIn(container, container.role === 'main' ? '' : `${container.name}.`)),
);

function hiddenIn({ mounts, scratch }: ContainerSettings, prefix: string): Warning[] {
  return mounts.flatMap(({ path, subPath, hidesImageFiles }): Warning[] => {
    const isScratch = scratch.paths.includes(path);
    if (hidesImageFiles || subPath !== undefined) return [];
    if (!(isScratch ? mayEmptyImageFiles(path) : mayHideImageFiles(path))) return [];
    const [prop, way] = isScratch
      ? ['writablePaths', `write to a directory in it, such as '${path}/cache', or waive the rule where it is empty`]
      : ['mount.path', `mount below it, such as '${path}/data', or say hidesImageFiles: true`];
    return [
      {
        rule: 'workload/may-hide-files',
        prop: `${prefix}${prop}`,
        got: `'${path}'`,
        expected: 'a directory that hides no files of the image',
        text: `${prefix}${prop}: at '${path}' an image may have its application, and the volume hides it: ${way}`,
      },
    ];
  });
}

const MESHED: Warning = {
  rule: 'job/mesh-proxy',
  prop: 'podAnnotations',
  got: 'a mesh proxy that does not end',
  expected: 'a native sidecar, or no proxy',
  text:
    'the mesh injects a proxy, and the Job completes only if the proxy is a native sidecar: ' +
    "request one with podAnnotations: { 'sidecar.istio.io/nativeSidecar': 'true' }, or keep the Job out of the " +
    'mesh',
};

const mesh = warns('podTemplate', ({ kind, pod }) => {
  const ends = kind === 'Job' || kind === 'CronJob';
  return ends && hasInjectedProxy(pod.labels()) && pod.annotations[ISTIO_NATIVE] !== 'true' ? [MESHED] : [];
});

/** Files by subPath of an object with a fixed name. A versioned object gets another name when its content changes. */
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

/** Argo CD waits for the hook before it applies other objects. */
const hooks = warns('podTemplate', ({ owner, annotations, pod }) => {
  if (!isPreSync(annotations)) return [];
  const named = [
    ...pod.volumes.map(({ source, origin }) => ({
      name: (source as { configMap?: { name: string } }).configMap?.name,
      origin,
    })),
    ...variableReferences(pod).filter(({ kind }) => kind === 'ConfigMap'),
  ];
  const configs = new Set(
    named.map(({ name, origin }) => (name === undefined ? undefined : configOf(owner, name, origin))),
  );
  return [...configs].flatMap((config): Warning[] => {
    const object = config?.node.tryFindChild('Resource') as ApiObject | undefined;
    const own = (object?.toJson() as { metadata: { annotations?: Record<string, string> } } | undefined)?.metadata;
    if (config === undefined || isPreSync(own?.annotations ?? {})) return [];
    return [
      {
        rule: 'job/hook-needs',
        prop: 'annotations',
        got: `a PreSync hook that reads ConfigMap '${config.baseName}', which is none`,
        expected: 'the same hook, one wave earlier, on the ConfigMap',
        text:
          `a PreSync hook of Argo CD reads ConfigMap '${config.baseName}', which Argo CD applies after it. Give the ` +
          "ConfigMap the annotations 'argocd.argoproj.io/hook': 'PreSync' and 'argocd.argoproj.io/sync-wave', one " +
          'less than that of the hook',
      },
    ];
  });
});

const controller = refuses('outsidePods', (pods, problems) => {
  if (pods.controller() !== undefined) return;
  problems.refuse('runBy', undefined, 'the object that runs the pods', {
    rule: 'workload/no-controller',
    fix: 'Pass the Deployment to runBy(...) of the OwnPods',
  });
});

/**
 * Refuses references of variables that the pod would not resolve. Runs at synthesis, when all charts and profiles
 * exist.
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
            'A running process never sees a new value: mount the ConfigMap, or roll the pods with reload: ' +
            "'version' or 'checksum'",
        },
      );
    }
  }
}

/** Refuses a missing key: the pod would never start. */
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

export const RULES = [
  schedulable,
  beyondPod,
  references,
  undeclared,
  heartbeats,
  directories,
  token,
  pool,
  hiddenFiles,
  logVolumes,
  subPaths,
  hooks,
  mesh,
  controller,
];
