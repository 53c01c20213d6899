import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { HEALTH_PATH, nginxConf, PORT } from './nginx-conf';
import { VersionedConfigMap } from '../config/versioned-config-map';
import { instance, isPlain, matching } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { Cpu } from '../kubernetes/cpu';
import type { ServiceOptions } from '../parts/service';
import { Probe } from '../pod/probe';
import { Resources } from '../pod/resources';
import type { Autoscaling } from '../scaling/autoscaling';
import { WebService } from '../workload/web-service';
import type { WebServiceProps } from '../workload/web-service-props';
import type { WorkloadProps } from '../workload/workload-props';

/** Props of `StaticSite`. `image`, `content` or both. */
export interface StaticSiteProps extends WorkloadProps {
  /**
   * Image with nginx, `/etc/nginx/mime.types` and, without `content`, the files in `root` (CH01-61).
   *
   * @default 'docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine' with `content`
   */
  readonly image?: string;

  /**
   * The files, for a small site: at most 1 MiB.
   *
   * @default - the files are in the image
   */
  readonly content?: VersionedConfigMap;

  /**
   * Directory of the files in the container.
   *
   * @default '/usr/share/nginx/html'
   */
  readonly root?: string;

  /**
   * File that answers for paths without a file, for a single-page app: `/index.html`.
   *
   * @default - such paths answer 404
   */
  readonly fallback?: string;

  /**
   * Number of pods; excludes `autoscaling`.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * Lets the load decide on the number of pods.
   *
   * @default - none
   */
  readonly autoscaling?: Autoscaling;

  /**
   * CPU, memory and disk.
   *
   * @default Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) })
   */
  readonly resources?: Resources;

  /**
   * UID and GID of nginx, or `false` where the platform assigns one.
   *
   * @default 65532
   */
  readonly user?: number | boolean;

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

// nothing that means something in nginx.conf
const plainPath = matching(/^(\/(?!\.{1,2}(\/|$))[\w.-]+)+$/, 255, "an absolute path of letters, digits, '_', '.', '-' and '/', without parts that are empty, '.' or '..'");

/**
 * Files served by nginx, unprivileged and on a read-only file system (CH01-60).
 *
 * Files with a hash in their name may be cached for ever, all others are revalidated. `/healthz` answers `ok`.
 *
 * ```ts
 * new StaticSite(chart, 'site', { image: 'ghcr.io/example/journal-site:1.4.2' });
 * ```
 */
export class StaticSite extends WebService {
  /** The configuration of nginx. */
  public readonly config: VersionedConfigMap;

  public constructor(scope: Construct, id: string, props: StaticSiteProps) {
    super(scope, id, toWebService(props));
    const problems = this._problems;
    const read = new Reader<StaticSiteProps>(problems, props);
    const content = read.optional('content', instance(VersionedConfigMap, 'a VersionedConfigMap'), undefined, { fix: "Use new VersionedConfigMap(this, 'content', { folder: './site' })" });
    const root = read.optional('root', plainPath, DEFAULT_ROOT, { fix: `Leave it out for ${DEFAULT_ROOT}` });
    const fallback = read.optional('fallback', plainPath, undefined, { fix: "Give a path in the site, such as '/index.html'" });
    if (!read.has('image') && !read.has('content')) {
      read.refuse('image', undefined, "'image', 'content' or both", { rule: 'props/required', fix: 'Name the image that holds the files', practice: 'CH01-61' });
    }
    for (const prop of Object.keys(WEB_SERVICE_ONLY)) {
      if (isPlain(props) && prop in props) problems.add({ rule: 'props/unknown', prop, got: 'an unknown prop', expected: 'only props of StaticSite', fix: 'Remove it, or use WebService' });
    }
    this.config = new VersionedConfigMap(this, 'Config', {
      name: `${this.name}-nginx`,
      data: { 'nginx.conf': nginxConf({ root, fallback, ipv6: isPlain(props?.service) && props.service.dualStack === true }) },
      labels: this._labels,
    });
    this.mount(CONFIG, this.config);
    if (content) this.mount(root, content);
  }

  /**
   * Offers the props of a site, not those of the service that it is made of.
   *
   * @internal
   */
  protected _refuseUnknown(read: Reader<WebServiceProps>): void {
    read.refuseUnknown((known) => [...known.filter((prop) => !(prop in WEB_SERVICE_ONLY)), ...OWN_PROPS]);
  }

  /**
   * It rolls.
   *
   * @internal
   */
  protected _onePodFix(): string | undefined {
    return undefined;
  }
}

/** What makes a `WebService` a static site. */
const FIXED = {
  port: PORT,
  command: ['nginx'],
  args: ['-c', `${CONFIG}/nginx.conf`, '-g', 'daemon off;'],
  readiness: Probe.httpGet(HEALTH_PATH),
};

/** What a JavaScript caller may try, too. Complete: the compiler asks for each prop that is only a `WebService`'s. */
const WEB_SERVICE_ONLY: Record<Exclude<keyof WebServiceProps, keyof StaticSiteProps>, true> = {
  allowSecretLookingEnv: true,
  args: true,
  command: true,
  drain: true,
  env: true,
  extraPorts: true,
  liveness: true,
  minReady: true,
  port: true,
  portName: true,
  progressDeadline: true,
  readiness: true,
  revisionHistory: true,
  rollout: true,
  startup: true,
  startupTimeout: true,
  writablePaths: true,
  writableSize: true,
};

/** Props that a `WebService` does not know. */
const OWN_PROPS = ['content', 'root', 'fallback'];

function toWebService(given: StaticSiteProps | undefined): WebServiceProps {
  const props: Partial<StaticSiteProps> = isPlain(given) ? given : {};
  const { image = DEFAULT_IMAGE, resources = Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) }) } = props;
  const common = Object.entries(props).filter(([prop]) => !OWN_PROPS.includes(prop) && !(prop in WEB_SERVICE_ONLY));
  return { ...Object.fromEntries(common), ...FIXED, image, resources };
}
