import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { addVariable, addVariables } from './environment';
import { type ClaimFacts, recordWorkload, type Rescale, type ScaleFacts } from './facts';
import { refuseUnschedulable } from './fits-cluster';
import { Mounting } from './mounting';
import { readWorkload, readWorkloadName, type WorkloadKind } from './read-workload';
import { refuseReferences, secretNeeds } from './references';
import { WorkloadServiceAccount } from './service-account';
import type { PodWorkloadProps } from './workload-props';
import { foreignNamespace, readSecretName } from '../config/references';
import { type KplusContainer, toLabelSelector } from '../interop/cdk8s-plus';
import type { IConfigMapRef, IEnvFromSource, IEnvSource, ISecretRef, ISubject, IVolumeSource, KplusObject, SecretKeyRef, SubjectConfiguration } from '../interop/references';
import { emitLater, type Head, laterMap } from '../kernel/emit/emission';
import { identity, IDENTITY_LABEL, type Labels } from '../kernel/emit/labels';
import { Verbatim } from '../kernel/findings/describe';
import { Problems } from '../kernel/findings/problems';
import { warn, type Warning, warnLater } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf, shortName } from '../kernel/model/names';
import { needSecret, needSecretsLater } from '../kernel/model/required-secrets';
import { nameNeighbour } from '../kernel/model/same-cluster';
import { claimUnique } from '../kernel/model/uniqueness';
import { type Check, confidential, instance, isPlain, listOf, matching, oneOf, structs, that } from '../kernel/schema/checks';
import { KUBERNETES_NAMES } from '../kernel/schema/kubernetes-names';
import { Reader } from '../kernel/schema/reader';
import { configKey, shellName } from '../kernel/schema/syntax';
import { Cpu } from '../kubernetes/cpu';
import { isVersionTag } from '../kubernetes/image';
import type { AllowOptions, Connection, ConnectOptions, IConnectionClient, IConnectionTarget } from '../network/connection';
import { Egress } from '../network/egress';
import { isolationOf, TIER_LABEL } from '../network/isolation';
import { NetworkEdges, TO_OTHER_CLUSTER } from '../network/network-edges';
import { recordPods } from '../network/networked-pods';
import { type IPeer, Peer } from '../network/peer';
import { refuseSamePorts } from '../network/ports';
import { renderNetworkPolicy } from '../network/render-network-policy';
import { reachesAddresses } from '../network/usable-edges';
import { type ContainerSettings, imageVersion, type PodWide, readExtraContainer, refuseUndeclared } from '../pod/container';
import { warningsOfPool } from '../pod/placement';
import type { PodSettings } from '../pod/pod-settings';
import type { Volume } from '../pod/volume';
import { type MountOptions, scratchSource } from '../pod/volumes';

const UNUSABLE_TOKEN: Warning = {
  rule: 'network/unusable-token',
  prop: 'serviceAccountToken',
  got: 'true, with closed egress and no edge to the API server',
  expected: 'an edge to the API server, or no token',
  text: 'serviceAccountToken: egress is closed, and no edge leads to the API server. Add egressTo: [Egress.apiServer()], or leave the token out',
};

/** Options of an environment made of a ConfigMap or Secret. */
export interface EnvFromOptions {
  /**
   * Prefix of each variable.
   *
   * @default - none
   */
  readonly prefix?: string;
}

/**
 * What all workloads share: names, labels, pods, identity and network policy. A kind of workload adds its controller, and
 * by `ServingWorkload` what others connect to.
 *
 * @internal
 */
export abstract class Workload extends Construct implements IConnectionClient, ISubject {
  /** Name of the workload. */
  public readonly name: string;
  /** The identity of the pods. */
  public readonly serviceAccount: WorkloadServiceAccount;
  /** The NetworkPolicy. */
  public readonly networkPolicy: ApiObject;

  /** @internal */
  protected readonly _problems: Problems;
  /** @internal */
  protected readonly _labels: Labels;
  /** @internal */
  protected readonly _annotations: Record<string, string>;
  /** @internal */
  protected readonly _pod: PodSettings;
  /** @internal */
  protected readonly _podWide: PodWide;
  /** @internal */
  protected readonly _mounting: Mounting;

  /** @internal */
  protected readonly _edges: NetworkEdges;

  private reader?: Reader<unknown>;

  protected constructor(scope: Construct, id: string, props: PodWorkloadProps, kind: WorkloadKind) {
    super(scope, id);
    this._problems = new Problems(this);
    const read = this._reader<PodWorkloadProps>(props);
    read.expectForeign(KUBERNETES_NAMES);
    this.name = readWorkloadName(this, read, kind.longestName);
    claimUnique(this, `workload label ${IDENTITY_LABEL}='${namespaceOf(this) ?? ''}/${this.name}'`, {
      rule: 'workload/duplicate-name', fix: 'Two workloads with one name select the pods of each other: rename one',
    });

    const settings = readWorkload(this, this.name, read, kind, this._problems);
    this._labels = settings.labels;
    this._annotations = settings.annotations;
    this._podWide = settings.podWide;
    this._pod = settings.pod;
    this.serviceAccount = new WorkloadServiceAccount(this, 'ServiceAccount', this.name, this._labels, this.readPullSecrets(read), settings.identity?.annotations);
    const egress = read.optional('egress', oneOf<'open' | 'declared'>('open', 'declared'), undefined, { fix: "Leave it out for 'open'" });
    const edges = new NetworkEdges(this, this.name, egress, this._problems);
    this.networkPolicy = emitLater(this, 'NetworkPolicy', this.policyHead(), this._problems, () => renderNetworkPolicy(edges.policy(), clusterOf(this).dns));
    edges.openIdentity(settings.identity?.endpoints ?? []);
    read.optional('egressTo', listOf(instance(Egress, 'an Egress, e.g. Egress.internet()')), [], { fix: "Use Egress.internet(), Egress.cidr('10.0.0.0/8') or Egress.to(peer)" })
      .forEach((destination, index) => edges.openEgress(destination, `egressTo[${index}]`));
    if (read.has('egressTo')) {
      // a tier or a closed namespace may close it later
      this._problems.atSynth((late) => {
        if (!edges.closesEgress) late.refuse('egressTo', 'destinations', "destinations only with egress: 'declared'", { rule: 'network/egress-to-open', fix: "Set egress: 'declared', or leave them out: egress is open" });
      });
    }
    this._edges = edges;
    recordPods({
      owner: this,
      name: this.name,
      namespace: namespaceOf(this),
      labels: this._pod.labels,
      ownLabels: settings.podLabels,
      ports: () => this._pod.containers.flatMap(({ ports }) => ports),
      allow: (peer, options) => this._allow(peer, options),
    });
    this._mounting = new Mounting(this, this._pod, kind.claims, () => (this._hasSeveralPods() ? { fix: this._onePodFix() } : undefined), this._problems);
    needSecretsLater(this, () => secretNeeds(this, this._pod));
    this._problems.atSynth((problems) => this.checkContainers(problems));
    if (this._pod.mountToken) warnLater(this, () => (reachesAddresses(this) ? [] : [UNUSABLE_TOKEN]));
    if (this._pod.placement.poolSeconds !== undefined) warnLater(this, () => warningsOfPool(this._pod.placement, this._endsAfter()));
  }

  /** The containers, as cdk8s-plus sees them: it reads their ports for network policies and their requests for scaling. */
  public get containers(): KplusObject[] {
    return this._pod.containers.filter(({ role }) => role !== 'init').map(({ name, image, ports, resources: { cpu } }): KplusContainer => ({
      name,
      image,
      ports: ports.map((port) => ({ name: port.name, number: port.port, protocol: port.protocol })),
      resources: cpu && { cpu: { request: Cpu.millis(cpu.request) } },
    }));
  }

  /**
   * Mounts a volume: a `VersionedConfigMap`, a `VersionedSecret`, a `ConfigMapRef`, a `SecretRef`, a `Volume`, or a
   * volume of cdk8s-plus. New content of a versioned source rolls the pods.
   *
   * @param path directory in the container; one that would hide files of the image is refused
   * @param storage what to mount
   * @param options how
   */
  public mount(path: string, storage: Volume | IVolumeSource, options: MountOptions = {}): void {
    this._mounting.mount(path, storage, options);
  }

  /**
   * Mounts a Secret: read-only, its files of mode 0440 (CH01-44).
   *
   * @param path directory in the container
   * @param secret a reference, such as `SecretRef.named('mail')`
   * @param options how
   */
  public mountSecret(path: string, secret: ISecretRef, options: MountOptions = {}): void {
    this._mounting.mountSecret(path, secret, options);
  }

  /**
   * Adds an environment variable to the main container.
   *
   * @param name name of the variable; must be new
   * @param value a literal, or an `EnvSource`
   */
  public addEnv(name: string, value: string | IEnvSource): void {
    addVariable(this.main, name, value, this._problems);
  }

  /**
   * Makes each entry of a ConfigMap or Secret an environment variable of the main container. New content of a
   * `VersionedConfigMap` rolls the pods.
   *
   * @param source a ConfigMap or a Secret, such as a `VersionedConfigMap`
   * @param options how
   */
  public addEnvFrom(source: ISecretRef | IConfigMapRef | IEnvFromSource, options: EnvFromOptions = {}): void {
    const read = new Reader<EnvFromOptions>(this._problems, options, 'addEnvFrom.');
    const prefix = read.optional('prefix', shellName, '', { fix: "Use letters, digits and '_'" });
    read.refuseUnknown();
    addVariables(this.main, source, prefix, this._problems);
  }

  /**
   * Connects to another block: opens both network policies, and tells the main container how to connect by the
   * variables `<ID>_HOST`, `<ID>_PORT`, `<ID>_READ_HOST` and `<ID>_PASSWORD_FILE`, the last with the mounted Secret.
   *
   * @param target a block such as `Redis`
   * @param options how the variables are named
   */
  public connectTo(target: IConnectionTarget, options: ConnectOptions = {}): void {
    if (!isConnectionTarget(target)) {
      this._problems.refuse('connectTo', target, 'a block that can be connected to, such as Redis', { rule: 'props/value', fix: 'Pass the block itself' });
      return;
    }
    const read = new Reader<ConnectOptions>(this._problems, options, 'connectTo.');
    const prefix = read.optional('prefix', variablePrefix, undefined, { fix: 'Leave it out for the id of the target' }) ?? this.defaultPrefix(target);
    const own = read.optional('password', secretKeyRef, undefined, { fix: 'Write { secret, key }, with a Secret of this namespace' });
    read.refuseUnknown();
    nameNeighbour(this, target, 'connectTo', TO_OTHER_CLUSTER);
    const connection = target.connectionFor(this);
    const port = connection.targetPort ?? connection.port;
    target.allowFrom(this, { ports: [port] });
    this._edges.openTo(target, port);
    this.addEnv(`${prefix}_HOST`, connection.host);
    this.addEnv(`${prefix}_PORT`, String(connection.port));
    if (connection.readHost !== undefined) this.addEnv(`${prefix}_READ_HOST`, connection.readHost);
    const password = own ?? this.usablePassword(target, connection);
    if (password !== undefined) {
      const directory = `/var/run/secrets/${prefix.toLowerCase().replaceAll('_', '-')}`;
      const { secret, key } = password;
      this._mounting.mountSecret(directory, secret, { items: { [key]: key } }, 'connectTo.password.secret');
      this.addEnv(`${prefix}_PASSWORD_FILE`, `${directory}/${key}`);
    }
  }

  /** Whether its pods may connect along declared edges only. */
  public get egressClosed(): boolean {
    return this._edges.closesEgress;
  }

  /** Its pods. */
  public toPeer(): Peer {
    const pods = Peer.pods({ labels: identity(this.name), namespace: namespaceOf(this) })._ofBlock(this);
    return this._pod.host?.network ? pods._onHostNetwork() : pods;
  }

  /** Its pods, for cdk8s-plus. */
  public toPodSelectorConfig(): KplusObject {
    const namespace = namespaceOf(this);
    return {
      labelSelector: toLabelSelector(identity(this.name)) as object,
      namespaces: namespace === undefined ? undefined : { names: [namespace] },
    };
  }

  /** Its pods, for a NetworkPolicy of cdk8s-plus. */
  public toNetworkPolicyPeerConfig(): KplusObject {
    return { podSelector: this.toPodSelectorConfig() as object };
  }

  /** Itself, for cdk8s-plus. */
  public toPodSelector(): KplusObject {
    return this;
  }

  /** Its ServiceAccount, as the subject of a RoleBinding of cdk8s-plus. */
  public toSubjectConfiguration(): SubjectConfiguration {
    return this.serviceAccount.toSubjectConfiguration();
  }

  /**
   * The one reader of the props, shared by the layers of the class; the last layer refuses what none has read.
   *
   * @internal
   */
  protected _reader<P>(props: P): Reader<P> {
    this.reader ??= new Reader<unknown>(this._problems, props);
    return this.reader;
  }

  /**
   * Sets the main container and reads the others. To be called once, first of all that concerns containers.
   *
   * @internal
   */
  protected _setContainers(main: ContainerSettings, read: Reader<PodWorkloadProps>): void {
    this.addContainer(main);
    const extra = (['sidecars', 'initContainers'] as const).flatMap((prop) => read
      .optional(prop, structs('a container'), [], { fix: "Write [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }]" })
      .map((given, index) => {
        const container = readExtraContainer(given, prop === 'sidecars' ? 'sidecar' : 'init', this._podWide, this._problems, `${prop}[${index}]`);
        if (this._pod.containers.some(({ name }) => name === container.name)) {
          this._problems.refuse(`${prop}[${index}].name`, container.name, 'a name that is unique in the pod', { rule: 'props/duplicate', fix: 'Rename the container' });
        } else {
          this.addContainer(container);
        }
        return container;
      }));
    if (extra.some(({ ports }) => ports.length > 0)) {
      // a Service would take the sidecar's for the port of that name
      refuseSamePorts([main, ...extra].flatMap(({ ports }) => ports), this._problems, 'sidecars', ['name', 'port']);
    }
  }

  /**
   * Tells what the workload asks of the cluster. Without `scaledTo`, its rollouts have the same surge with any number of pods.
   *
   * @internal
   */
  protected _record(kind: string, scale: () => ScaleFacts, claims: readonly ClaimFacts[], scaledTo: Rescale = (most) => ({ ...scale(), most })): void {
    recordWorkload(this, () => ({
      ...scale(),
      scaledTo,
      construct: this,
      kind,
      name: this.name,
      namespace: namespaceOf(this),
      containers: this._pod.containers,
      overhead: this._pod.placement.overhead,
      claims,
      volumes: this._pod.volumes,
      priorityClass: this._pod.placement.priorityClassName,
      token: this._pod.mountToken,
    }));
  }

  /**
   * Opens the pods for a peer, on the ports that the containers declare.
   *
   * @internal
   */
  protected _allow(peer: IPeer, options: AllowOptions): void {
    this._edges.allowFrom(peer, options, this._pod.containers.flatMap(({ ports }) => ports.map(({ port, protocol }) => ({ port, protocol }))));
  }

  /**
   * Whether volumes must do for pods on several nodes.
   *
   * @internal
   */
  protected _hasSeveralPods(): boolean {
    return true;
  }

  /**
   * What makes its pods one at a time; nothing where they cannot be.
   *
   * @internal
   */
  protected _onePodFix(): string | undefined {
    return undefined;
  }

  /**
   * Seconds after which the work is over, whatever happens.
   *
   * @internal
   */
  protected _endsAfter(): number {
    return Infinity;
  }

  /**
   * The variables that the controller adds to each container.
   *
   * @internal
   */
  protected _addedVariables(): readonly string[] {
    return [];
  }

  /**
   * The labels that the caller has chosen win over those of this object alone.
   *
   * @internal
   */
  protected _head(apiVersion: string, kind: string, name = this.name, extra: { labels?: Labels; annotations?: Record<string, string> } = {}): Head {
    return {
      apiVersion,
      kind,
      metadata: { name, labels: extra.labels ? { ...extra.labels, ...this._labels } : { ...this._labels }, annotations: extra.annotations },
    };
  }

  /** With the label of the tier that the workload is in at synthesis. */
  private policyHead(): Head {
    const tier = laterMap([TIER_LABEL], () => ({ [TIER_LABEL]: isolationOf(this)?.tier ?? this._labels[TIER_LABEL] }));
    return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: this.name, labels: { ...this._labels, ...tier } } };
  }

  /** The id of the target, as far as a shell can read it. */
  private defaultPrefix(target: IConnectionTarget): string {
    const id = shortName(target);
    const prefix = id.toUpperCase().replace(/[^A-Z0-9]/g, '_');
    const good = variablePrefix.read(prefix, (given, expected) => this._problems.refuse('connectTo.prefix', given, expected, { rule: 'props/value', fix: `The id of the target, '${id}', makes none: give one` }));
    return good ?? `INVALID_${prefix}`;
  }

  /** The password that the target names, unless its pods alone can mount it. */
  private usablePassword(target: IConnectionTarget, { password }: Connection): SecretKeyRef | undefined {
    // a Secret that is known by its name alone is where the target is
    const elsewhere = password && foreignNamespace(this, Construct.isConstruct(password.secret) ? password.secret : target);
    if (elsewhere === undefined) return password;
    this._problems.refuse('connectTo', new Verbatim(`a password in namespace '${elsewhere}'`), `one in namespace '${namespaceOf(this)}', whose Secrets the pods can mount`, {
      rule: 'reference/other-namespace',
      fix: 'Create the Secret there, too, and name it: connectTo(target, { password: { secret, key } })',
    });
    return undefined;
  }

  private get main(): ContainerSettings {
    return this._pod.containers[0];
  }

  private readPullSecrets(read: Reader<PodWorkloadProps>): string[] {
    const secrets = read.optional('pullSecrets', confidential(listOf(confidential(that<ISecretRef>('a Secret reference', isPlain)))), [], { fix: "Use SecretRef.named('...') or new VersionedSecret(...)" });
    const seen = new Set<string>();
    return secrets.flatMap((secret, index) => {
      const name = readSecretName(this, secret, this._problems, `pullSecrets[${index}]`);
      if (name !== undefined && seen.has(name)) this._problems.refuse(`pullSecrets[${index}]`, name, 'each Secret once', { rule: 'props/duplicate', fix: 'Remove one of them' });
      if (name !== undefined) seen.add(name);
      if (name !== undefined) needSecret({ user: this, name, type: 'kubernetes.io/dockerconfigjson', keys: ['.dockerconfigjson'] });
      return name ?? [];
    });
  }

  private addContainer(container: ContainerSettings): void {
    this._pod.containers.push(container);
    this.addScratch(container);
    this.checkTag(container);
  }

  private addScratch({ name, role, scratch }: ContainerSettings): void {
    for (const path of scratch.paths) {
      const volume = path.slice(1).replaceAll('/', '-') + (role === 'main' ? '' : `-${name}`);
      this._mounting.addOwn(path, volume, scratchSource(scratch.bytes), name);
    }
  }

  private checkTag({ image }: ContainerSettings): void {
    const tag = imageVersion(image);
    if (tag !== undefined && !image.includes('@') && !isVersionTag(tag)) {
      warn(this, {
        rule: 'workload/moving-tag',
        prop: 'image',
        got: `'${image}'`,
        expected: 'a tag that is a version or a commit, or a digest',
        text: `image '${image}': the tag is neither a version nor a commit. Such tags get moved: add the digest, or use a version tag`,
      });
    }
  }

  private checkContainers(problems: Problems): void {
    refuseUnschedulable(this._pod, clusterOf(this), problems);
    refuseReferences(this, this._pod, problems);
    for (const container of this._pod.containers) {
      refuseUndeclared(container, this._addedVariables(), problems, container.role === 'main' ? '' : `${container.name}.`);
    }
  }
}

const variablePrefix = matching(/^[A-Z][A-Z0-9_]*$/, 100, "at most 100 upper-case letters, digits and '_', starting with a letter");

const secretKeyRef: Check<SecretKeyRef> = confidential({
  expected: 'the key of a Secret: { secret, key }',
  read(value, refuse) {
    if (!isPlain(value) || !isPlain(value.secret) || typeof value.key !== 'string') return void refuse(value, this.expected);
    const key = configKey.read(value.key, (given, expected) => refuse(given, expected, '.key'));
    return key === undefined ? undefined : (value as unknown as SecretKeyRef);
  },
});

function isConnectionTarget(value: unknown): value is IConnectionTarget {
  return isPlain(value) && Construct.isConstruct(value) && ['connectionFor', 'allowFrom', 'toPeer'].every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
}
