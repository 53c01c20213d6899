import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { HEALTH_PATH, nginxConf, PORT } from './nginx-conf';
import { VersionedConfigMap } from '../config/versioned-config-map';
import { deployment } from '../controllers/deployment';
import { ROLLING } from '../controllers/rollout';
import { Verbatim } from '../kernel/findings/describe';
import { instance, matching, seconds } from '../kernel/schema/checks';
import { relativePath } from '../kernel/schema/syntax';
import { Cpu } from '../kubernetes/cpu';
import { fixedImage, parseImage } from '../kubernetes/image';
import { mayHideImageFiles } from '../kubernetes/image-files';
import type { PortSettings } from '../network/ports';
import { Replicas, type ReplicasProps } from '../parts/replicas';
import { readService, type ServiceOptions } from '../parts/service';
import {
  type ContainerSettings,
  fixedContainer,
  LIVENESS_PERIOD,
  READINESS_PERIOD,
  readImage,
  readResourcesProp,
} from '../pod/container';
import { Probe, readProbe } from '../pod/probe';
import { Resources } from '../pod/resources';
import { Volume } from '../pod/volume';
import { DeployedService, deployedServiceParts, minReadyOf } from '../workload/deployed-service';
import { plan, type WorkloadSite } from '../workload/plan';
import type { Served, ServedContents } from '../workload/served-workload';
import type { WorkloadProps } from '../workload/workload-props';

/** Props of `StaticSite`: `image`, `content` or `contentImage`, or the first with one of the others. */
export interface StaticSiteProps extends WorkloadProps, ReplicasProps {
  /**
   * Image with nginx, `/etc/nginx/mime.types` and, without `content`, the files in `root` (CH01-61).
   *
   * @default - 'docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine' with `content` or `contentImage`; without them, an
   * image with the files is required
   */
  readonly image?: string;

  /**
   * The files of a small site: at most 1 MiB.
   *
   * @default - the files are in the image
   */
  readonly content?: VersionedConfigMap;

  /**
   * Image or OCI artifact with nothing but the files, mounted read-only: a new version of the site needs no build of
   * nginx. Its tag is the version of the site. Needs Kubernetes 1.36 and nodes with containerd 2.1 or CRI-O 1.31:
   * declare the version with `ClusterProfile`.
   *
   * @default - the files are in `image` or `content`
   */
  readonly contentImage?: string;

  /**
   * Directory of the files in `contentImage`, such as `dist`.
   *
   * @default - its root
   */
  readonly contentPath?: string;

  /**
   * Directory of the files in the container.
   *
   * @default '/usr/share/nginx/html'
   */
  readonly root?: string;

  /**
   * File to serve for paths without a file, for a single-page app: `/index.html`.
   *
   * @default - such paths return 404
   */
  readonly fallback?: string;

  /**
   * CPU, memory and disk.
   *
   * @default Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) })
   */
  readonly resources?: Resources;

  /**
   * UID and GID of nginx, 1 to 2147483647, or `false` if the platform assigns one.
   *
   * @default 65532
   */
  readonly user?: number | boolean;

  /**
   * Time for which a stopping pod keeps serving, until every proxy has taken it out of its endpoints (CH05-18); 0 to
   * 3600 s, shorter than `terminationGracePeriod`.
   *
   * @default Duration.seconds(5)
   */
  readonly drain?: Duration;

  /**
   * Options of the Service.
   *
   * @default - a ClusterIP with port 8080
   */
  readonly service?: ServiceOptions;
}

const DEFAULT_IMAGE = 'docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine';
const DEFAULT_ROOT = '/usr/share/nginx/html';
const CONFIG = '/etc/nginx-site';
const SMALL = Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) });

// no characters with a meaning in nginx.conf
const plainPath = matching(
  /^(\/(?!\.{1,2}(\/|$))[\w.-]+)+$/,
  255,
  "an absolute path of letters, digits, '_', '.', '-' and '/', without parts that are empty, '.' or '..'",
);

/**
 * Serves files with nginx, unprivileged and on a read-only file system (CH01-60).
 *
 * Browsers may cache files with a hash in their name forever. Other files are revalidated. `/healthz` returns `ok`.
 *
 * ```ts
 * new StaticSite(chart, 'site', { image: 'ghcr.io/example/journal-site:1.4.2' });
 * ```
 */
export class StaticSite extends DeployedService {
  /** The nginx configuration. */
  public readonly config: VersionedConfigMap;

  public constructor(scope: Construct, id: string, props: StaticSiteProps) {
    super(scope, id, props, PLAN);
    this.config = this._madeBy(PLAN).config;
  }
}

interface SiteContents extends ServedContents {
  readonly root: string;
  readonly content?: VersionedConfigMap;
  readonly contentImage?: string;
  readonly contentPath?: string;
  /** The nginx configuration. It comes before the Deployment, whose pods would wait for it. */
  readonly config: VersionedConfigMap;
}

interface SiteParts extends Served {
  readonly config: VersionedConfigMap;
}

const PLAN = plan({
  kind: () => ({ component: 'web', longestName: 63, hasService: true, foreign: OF_WEB_SERVICE }),
  read: (site: WorkloadSite<StaticSiteProps>): SiteContents => {
    const { read } = site;
    const service = readService(site);
    const main = readMain(site, service.port);
    const sources = (['image', 'content', 'contentImage'] as const).filter((prop) => read.has(prop));
    if (sources.length === 0) {
      read.refuse('image', undefined, "'image', 'content' or 'contentImage'", {
        rule: 'props/required',
        fix: 'Name the image that contains the files',
        practice: 'CH01-61',
      });
    }
    const replicas = Replicas.read(site, main);
    const content = read.optional('content', instance(VersionedConfigMap, 'a VersionedConfigMap'), undefined, {
      fix: "Use a VersionedConfigMap, such as one with folder: './site'",
    });
    const contentImage = read.optional('contentImage', fixedImage, undefined, {
      rule: 'workload/image-tag',
      fix: 'Give the version of the site, such as ghcr.io/acme/site:1.4.2',
    });
    read.conflict('content', 'contentImage', { fix: 'Keep the one with the files' });
    const contentPath = read.optional('contentPath', relativePath, undefined, {
      fix: "Write the directory below the root of the image, such as 'dist'",
    });
    if (read.has('contentPath') && !read.has('contentImage')) {
      read.refuse('contentPath', read.raw('contentPath'), "none without 'contentImage'", {
        rule: 'props/conflict',
        fix: "Remove it: 'root' is the directory of other files",
      });
    }
    const root = read.optional('root', plainPath, DEFAULT_ROOT);
    const fallback = read.optional('fallback', plainPath, undefined, {
      fix: "Write a path in the site, such as '/index.html'",
    });
    return {
      main: contentImage === undefined ? main : { ...main, version: parseImage(contentImage)?.tag },
      service,
      replicas,
      content,
      contentImage,
      contentPath,
      root,
      config: new VersionedConfigMap(site.owner, 'Config', {
        name: `${site.name}-nginx`,
        data: { 'nginx.conf': nginxConf({ root, fallback, ipv6: service.dualStack }) },
        labels: site.labels,
      }),
    };
  },
  controller: (_, { replicas, service }) => deployment(replicas, { rollout: ROLLING, minReady: minReadyOf(service) }),
  parts: (site, contents): SiteParts => {
    const served = deployedServiceParts(site, contents);
    mountFiles(site, contents);
    return { config: contents.config, ...served };
  },
});

/** Props that callers may try because a `WebService` has them. */
const OF_WEB_SERVICE = Object.fromEntries(
  ['args', 'command', 'env', 'liveness', 'port', 'readiness', 'rollout', 'startup', 'writablePaths'].map((prop) => [
    prop,
    'The block decides it: remove it, or use WebService',
  ]),
);

/** `servicePort`: that of the Service. */
function readMain(
  { read, pod, podWide, problems }: WorkloadSite<StaticSiteProps>,
  servicePort = PORT,
): ContainerSettings {
  const ports: PortSettings[] = [{ name: 'http', port: PORT, servicePort, protocol: 'TCP' }];
  const drain = read.optional('drain', seconds(0, 3600), 5);
  if (drain >= pod.graceSeconds && read.isSound('drain', 'terminationGracePeriod')) {
    read.refuse('drain', new Verbatim(`${drain} s`), `less than terminationGracePeriod (${pod.graceSeconds} s)`, {
      rule: 'workload/drain',
      fix: 'nginx needs time to stop after the drain: raise terminationGracePeriod',
    });
  }
  return {
    name: 'main',
    role: 'main',
    ports,
    drain,
    probes: {
      readiness: readProbe(Probe.httpGet(HEALTH_PATH), ports, READINESS_PERIOD, problems, 'readiness'),
      liveness: readProbe(Probe.tcpSocket(), ports, LIVENESS_PERIOD, problems, 'liveness'),
    },
    ...fixedContainer(
      {
        image: readImage(read, podWide, DEFAULT_IMAGE),
        command: ['nginx'],
        args: ['-c', `${CONFIG}/nginx.conf`, '-g', 'daemon off;'],
        resources: readResourcesProp(read, podWide, SMALL),
      },
      podWide,
      problems,
    ),
  };
}

/** Mounts the nginx configuration, and the files unless they are in the image of nginx. */
function mountFiles({ mounting }: WorkloadSite, contents: SiteContents): void {
  const { root, config, content, contentImage, contentPath: subPath } = contents;
  mounting.mount(CONFIG, config);
  // that is what it is for; where it would hide more, it is refused
  const hidesImageFiles = mayHideImageFiles(root);
  if (content) {
    mounting.mount(root, content, { hidesImageFiles });
  } else if (contentImage !== undefined) {
    mounting.mount(root, Volume.image(contentImage), { hidesImageFiles, subPath }, 'contentImage');
  }
}
