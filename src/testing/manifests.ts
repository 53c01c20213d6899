/* eslint-disable @typescript-eslint/no-explicit-any -- manifests have no types */
import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { capture, differences, indented, write } from './pattern';
import type { Finding } from '../kernel/findings/finding';
import { textAt } from '../kernel/schema/manifest';
import { mayConnect, type PodsOnNetwork, podsOnNetwork } from '../kubernetes/network-reach';
import { type PodSecurityLevel, podSecurityViolations } from '../kubernetes/pod-security';
import { podTemplateOf } from '../kubernetes/pod-template';
import { othersIn } from '../synth/examine';
import { validate } from '../synth/validate';

/** Selects manifests that match every given field. */
export interface ManifestQuery {
  /**
   * Kind, such as `Deployment`.
   *
   * @default - any
   */
  readonly kind?: string;

  /**
   * Name.
   *
   * @default - any
   */
  readonly name?: string;

  /**
   * Namespace.
   *
   * @default - any
   */
  readonly namespace?: string;

  /**
   * Labels that the object has, possibly among others.
   *
   * @default - any
   */
  readonly labels?: { [label: string]: string };
}

const QUERY: readonly string[] = ['kind', 'name', 'namespace', 'labels'] satisfies Array<keyof ManifestQuery>;

/** Options of `Manifests.passesPodSecurity`. */
export interface PodSecurityOptions {
  /**
   * Kubernetes version of the standard, such as `1.34`; 1.30 or newer.
   *
   * @default '1.37': the newest that the library knows
   */
  readonly version?: string;
}

/** Options of `Manifests.canReach`. */
export interface ReachOptions {
  /**
   * Protocol: `TCP`, `UDP` or `SCTP`.
   *
   * @default 'TCP'
   */
  readonly protocol?: string;
}

const NEWEST = '1.37';

/**
 * The manifests of an app or a chart, for your tests. A failed expectation throws an error with the closest manifest
 * and its differences. It works with jest, vitest, the test runner of Node and others.
 *
 * ```ts
 * const app = new App();
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const web = { image: 'ghcr.io/acme/web:1.4.2', port: 8080, readiness: Probe.httpGet('/readyz') };
 * const api = new WebService(chart, 'api', web);
 * new WebService(chart, 'frontend', web).connectTo(api);
 *
 * const manifests = Manifests.of(app);
 * manifests.has({ kind: 'Deployment', name: 'shop-frontend' }, { spec: { replicas: 2 } });
 * manifests.passesPodSecurity('restricted');
 * manifests.canReach({ name: 'shop-frontend' }, { name: 'shop-api' }, 8080);
 * ```
 */
export class Manifests {
  /**
   * Synthesizes an app or a chart. Throws the `SynthesisError` of the app if it has errors; `Findings.of(app)` returns
   * them as data.
   *
   * @param scope an app; or a chart, or a construct in it, for the manifests of that chart only. The whole app is
   * validated.
   */
  public static of(scope: IConstruct): Manifests {
    const root = scope.node.root;
    const constructs = validate(root);
    const charts =
      scope === root
        ? constructs.filter((construct): construct is Chart => Chart.isChart(construct))
        : [Chart.of(scope)];
    return new Manifests(
      charts.flatMap((chart) => chart.toJson() as unknown[]),
      othersIn(root, constructs),
    );
  }

  private constructor(
    private readonly manifests: readonly unknown[],
    private readonly others: readonly Finding[],
  ) {}

  /** All manifests. */
  public get all(): any[] {
    return [...this.manifests] as unknown[];
  }

  /**
   * All manifests that match a query.
   *
   * @param query the selection
   */
  public find(query: ManifestQuery): any[] {
    const unknown = Object.keys(query).find((key) => !QUERY.includes(key));
    if (unknown !== undefined) throw new Error(`'${unknown}' is no part of a query: write ${QUERY.join(', ')}`);
    const pattern = {
      kind: query.kind,
      metadata: { name: query.name, namespace: query.namespace, labels: query.labels },
    };
    return this.manifests.filter((manifest) => differences(pattern, manifest, '').length === 0);
  }

  /**
   * The only manifest that matches a query. Throws if there is none, or more than one.
   *
   * @param query the selection
   */
  public only(query: ManifestQuery): any {
    const found = this.find(query);
    if (found.length === 1) return found[0] as unknown;
    throw new Error(
      `${found.length} manifests are ${write(query)}. There ` +
        `are:\n${listed(found.length === 0 ? this.manifests : found)}`,
    );
  }

  /**
   * The number of manifests that match a query.
   *
   * @param query the selection
   */
  public count(query: ManifestQuery): number {
    return this.find(query).length;
  }

  /**
   * Throws if no selected manifest matches a pattern. The error shows the closest one and all its differences.
   *
   * @param query the selection
   * @param pattern the relevant fields, see `Match`
   */
  public has(query: ManifestQuery, pattern: unknown = {}): void {
    const candidates = (this.find(query) as unknown[]).map((manifest) => ({
      manifest,
      found: differences(pattern, manifest, ''),
    }));
    const match = candidates.find(({ found }) => found.length === 0);
    if (match) {
      capture(pattern, match.manifest);
      return;
    }
    const [closest] = candidates.sort((a, b) => a.found.length - b.found.length);
    if (closest === undefined) throw new Error(`No manifest is ${write(query)}. There are:\n${listed(this.manifests)}`);
    throw new Error(
      `No manifest that is ${write(query)} matches. The closest is ` +
        `${titleOf(closest.manifest)}:\n${indented(closest.found.join('\n'))}`,
    );
  }

  /**
   * Throws if a selected manifest matches a pattern.
   *
   * @param query the selection
   * @param pattern the relevant fields, see `Match`
   */
  public hasNo(query: ManifestQuery, pattern: unknown = {}): void {
    const found = this.find(query).filter((manifest) => differences(pattern, manifest, '').length === 0);
    if (found.length > 0) {
      throw new Error(`Expected no manifest that is ${write(query)} and matches. There are:\n${listed(found)}`);
    }
  }

  /** The warnings of the app, then waived findings. Errors make `of` fail. */
  public findings(): Finding[] {
    return [...this.others];
  }

  /**
   * Throws if a namespace that enforces a level of the Pod Security Standards would refuse a pod. The error lists each
   * violating field.
   *
   * @param level `restricted` or `baseline`
   * @param options the version of the standard
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  public passesPodSecurity(level: string, options: PodSecurityOptions = {}): void {
    if (level !== 'restricted' && level !== 'baseline') {
      throw new Error(`level: got ${write(level)}, expected 'restricted' or 'baseline'`);
    }
    const minor = minorOf(options.version ?? NEWEST);
    const violations = this.manifests.flatMap((manifest) => violationsOf(manifest, level, minor));
    if (violations.length > 0) throw new Error(`Pod Security '${level}' refuses:\n${violations.join('\n')}`);
  }

  /**
   * Whether the NetworkPolicies allow the pods of one workload to connect to a port of another: egress of the client,
   * ingress of the server. A range of addresses in a policy matches no pods. Policies of network plugins do not count.
   *
   * @param client the client; a query for one workload with pods
   * @param server the server; a query for one workload with pods
   * @param port port of the server's pods, not of its Service
   * @param options the protocol
   */
  public canReach(client: ManifestQuery, server: ManifestQuery, port: number, options: ReachOptions = {}): boolean {
    return mayConnect(
      this.podsOf(client),
      this.podsOf(server),
      { port, protocol: options.protocol ?? 'TCP' },
      this.manifests,
    );
  }

  private podsOf(query: ManifestQuery): PodsOnNetwork {
    const found = this.find(query).flatMap((manifest) => podsOnNetwork(manifest) ?? []);
    if (found.length === 1) return found[0];
    const workloads = this.manifests.filter((manifest) => podTemplateOf(manifest) !== undefined);
    throw new Error(`${found.length} workloads are ${write(query)}. There are:\n${listed(workloads)}`);
  }
}

function violationsOf(manifest: unknown, level: PodSecurityLevel, minor: number): string[] {
  const template = podTemplateOf(manifest);
  return template === undefined
    ? []
    : podSecurityViolations(template.pod, level, minor).map(
        ({ path, got, expected }) =>
          `  ${titleOf(manifest)}: ${[...template.path, path].join('.')} is ${write(got)}, expected ${expected}`,
      );
}

function minorOf(version: string): number {
  const minor = Number(/^v?1\.(\d+)$/.exec(version)?.[1]);
  if (!(minor >= 30)) {
    throw new Error(`version: got ${write(version)}, expected a version of Kubernetes from '1.30' on`);
  }
  return minor;
}

/** A manifest, as an error names it. */
function titleOf(manifest: unknown): string {
  const namespace = textAt(manifest, 'metadata', 'namespace');
  return (
    `${textAt(manifest, 'kind')} ` +
    `'${textAt(manifest, 'metadata', 'name')}'${namespace === undefined ? '' : ` in namespace '${namespace}'`}`
  );
}

function listed(manifests: readonly unknown[]): string {
  return manifests.map((manifest) => `  ${titleOf(manifest)}`).join('\n');
}
