import type { ApiObject } from 'cdk8s';
import type { Container, EnvFrom, EnvValue, INetworkPolicyPeer, IPodSelector, ISecret, IStorage, ISubject, NetworkPolicyPeerConfig, PodSelectorConfig, SubjectConfiguration } from 'cdk8s-plus-27';
import { Construct, type IConstruct } from 'constructs';
import { recordWorkload } from './facts';
import { addMount, addVolume } from './mounting';
import { WorkloadServiceAccount } from './service-account';
import type { WorkloadProps } from './workload-props';
import { findConfigMap, VersionedConfigMap } from '../config/versioned-config-map';
import { VersionedSecret } from '../config/versioned-secret';
import { anyText, boolean, instance, isPlain, listOf, mapOf, matching, oneOf, seconds, that, text } from '../foundation/checks';
import { emitLater, type Head } from '../foundation/emission';
import { isVersionTag } from '../foundation/image';
import { loadKplus } from '../foundation/kplus';
import { identity, IDENTITY_LABEL, type Labels, recommended, versionLabel } from '../foundation/labels';
import { namespaceOf, pathName, shortName } from '../foundation/names';
import { Problems } from '../foundation/problems';
import { Reader } from '../foundation/reader';
import { needSecret } from '../foundation/required-secrets';
import { envName, labelKey, labelValue, serviceName, shellName } from '../foundation/syntax';
import { claimUnique } from '../foundation/uniqueness';
import { warn } from '../foundation/warnings';
import type { AllowOptions, ConnectOptions, Connection, IConnectionTarget } from '../network/connection';
import { recordEdge } from '../network/edges';
import { Egress, readEgress } from '../network/egress';
import { addRule, type PolicyPort, type PolicySettings, renderNetworkPolicy } from '../network/network-policy';
import { describePeer, type IPeer, Peer, type PeerSettings, readPeer } from '../network/peer';
import { type ContainerSettings, imageVersion, type PodWide, readExtraContainer, readUser, refuseUndeclared } from '../pod/container';
import { envPart, type EnvFromSettings, refuseSecretLiteral } from '../pod/env';
import { readPlacement } from '../pod/placement';
import { type PodSettings, podRequest } from '../pod/pod-template';
import { portNumber } from '../pod/ports';
import type { Quality } from '../pod/resources';
import { NONROOT, type User } from '../pod/security';
import { configMapSource, fromStorage, hardenSecret, type MountOptions, readMount, scratchSource, secretSource, storage as storageCheck } from '../pod/volumes';
import { DisruptionBudget, readBudget, renderBudget } from '../scaling/disruption-budget';

/** What differs between the kinds of workload. */
export interface WorkloadKind {
  /** Its default for the label `app.kubernetes.io/component`. */
  readonly component: string;
  /** The API's limit for its name. */
  readonly longestName: number;
  readonly revisionLabel: PodSettings['revisionLabel'];
  readonly user?: User;
  readonly graceSeconds?: number;
  /** Whether each replica has volumes of its own, so that a ReadWriteOnce claim can be mounted. */
  readonly ownVolumes: boolean;
}

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
 * What all workloads share: names, labels, pods, identity, network policy and disruption budget. A kind of workload
 * adds its controller and its Services.
 *
 * @internal
 */
export abstract class Workload extends Construct implements IConnectionTarget, IPodSelector, INetworkPolicyPeer, ISubject {
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

  private readonly policy: PolicySettings;
  private readonly kindOf: WorkloadKind;
  private reader?: Reader<unknown>;
  private kplusContainers?: Container[];

  protected constructor(scope: Construct, id: string, props: WorkloadProps, kind: WorkloadKind) {
    super(scope, id);
    this.kindOf = kind;
    this._problems = new Problems(this);
    const read = this._reader<WorkloadProps>(props);
    this.name = this.readName(read, kind.longestName);
    claimUnique(this, `workload label ${IDENTITY_LABEL}='${namespaceOf(this) ?? ''}/${this.name}'`, 'Two workloads with one name select the pods of each other: rename one (DX-03)');

    const labels = read.optional('labels', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values', practice: 'DX-13' });
    const podLabels = read.optional('podLabels', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values', practice: 'DX-13' });
    for (const [prop, given] of [['labels', labels], ['podLabels', podLabels]] as const) {
      if (IDENTITY_LABEL in given) read.refuse(prop, IDENTITY_LABEL, 'labels other than the one that selects the pods', { fix: "Set 'name' instead", practice: 'CH06-07' });
    }
    this._annotations = read.optional('annotations', mapOf(labelKey, anyText), {}, { fix: 'Map annotation names to text' });
    this._labels = recommended(this, this.name, kind.component, labels);
    this._podWide = {
      quality: read.optional('quality', oneOf<Quality>('burstable', 'guaranteed'), 'burstable', { fix: "Leave it out for 'burstable'" }),
      user: readUser(read as unknown as Reader<{ image: string; user?: number | boolean }>, kind.user ?? NONROOT),
      registries: read.optional('registries', listOf(matching(/^[^\s:@]+(:\d+)?(\/[^\s:@]+)*\/$/, 255, "a prefix that ends with '/', such as 'ghcr.io/acme/'")), [], { fix: "End each prefix with '/': 'ghcr.io/acme' would admit 'ghcr.io/acme-evil' too", practice: 'CH01-06' }),
      pullPolicy: read.optional('pullPolicy', oneOf('IfNotPresent', 'Always', 'Never'), 'IfNotPresent', { fix: "Leave it out for 'IfNotPresent'" }),
    };
    this._pod = {
      name: this.name,
      labels: { ...this._labels, ...podLabels },
      annotations: read.optional('podAnnotations', mapOf(labelKey, anyText), {}, { fix: 'Map annotation names to text' }),
      user: this._podWide.user,
      mountToken: read.optional('serviceAccountToken', boolean, false, { fix: 'Leave it out for false' }),
      graceSeconds: read.optional('terminationGracePeriod', seconds(1, 3600), kind.graceSeconds ?? 30, { fix: `Leave it out for ${kind.graceSeconds ?? 30} s` }),
      placement: readPlacement(read, this._problems),
      revisionLabel: kind.revisionLabel,
      containers: [],
      volumes: [],
    };
    this.serviceAccount = new WorkloadServiceAccount(this, 'ServiceAccount', this.name, this._labels, this.readPullSecrets(read));
    this.policy = {
      name: this.name,
      namespace: namespaceOf(this),
      egressClosed: read.optional('egress', oneOf('open', 'declared'), 'open', { fix: "Leave it out for 'open'" }) === 'declared',
      ingress: [],
      egress: [],
    };
    this.networkPolicy = emitLater(this, 'NetworkPolicy', this._head('networking.k8s.io/v1', 'NetworkPolicy'), this._problems, () => renderNetworkPolicy(this.policy));
    read.optional('egressTo', listOf(instance(Egress, 'an Egress, e.g. Egress.internet()')), [], { fix: "Use Egress.internet(), Egress.cidr('10.0.0.0/8') or Egress.to(peer)" })
      .forEach((egress, index) => this.openEgress(egress, `egressTo[${index}]`));
    if (read.has('egressTo') && !this.policy.egressClosed) {
      read.refuse('egressTo', 'destinations', "destinations only with egress: 'declared'", { fix: "Set egress: 'declared', or leave them out: egress is open" });
    }
    this._problems.atSynth((problems) => this.checkContainers(problems));
  }

  /** The containers, as cdk8s-plus sees them: it reads their ports for network policies and their requests for scaling. */
  public get containers(): Container[] {
    this.kplusContainers ??= this.toKplusContainers();
    return this.kplusContainers;
  }

  /**
   * Mounts a volume: a `VersionedConfigMap`, a `VersionedSecret`, or a volume or claim of cdk8s-plus. New content of a
   * versioned source rolls the pods.
   *
   * @param path directory in the container; one that would hide files of the image is refused
   * @param storage what to mount
   * @param options how
   */
  public mount(path: string, storage: IStorage, options: MountOptions = {}): void {
    const request = readMount(path, options, this._pod.containers.map(({ name }) => name), this._problems, 'mount');
    const given = storageCheck.read(storage, (value, expected) => this._problems.refuse('mount.storage', value, expected, { fix: 'Pass the construct; use mountSecret(...) for a Secret of cdk8s-plus' }));
    if (given === undefined) return;
    this.refuseOtherNamespace(given, 'mount.storage');
    if (given instanceof VersionedConfigMap) {
      this.mountConfigMap(given, request);
    } else if (given instanceof VersionedSecret) {
      this.mountNamedSecret(given.name, given.type, given.keys, request);
    } else {
      this.refuseSharedClaim(given);
      const { name, source } = fromStorage(given);
      const hardened = hardenSecret(source);
      const secret = (source as { secret?: { secretName: string } }).secret;
      if (secret) needSecret({ user: this, name: secret.secretName, type: 'Opaque', keys: Object.keys(request.items ?? {}) });
      addMount(this._pod, request, addVolume(this._pod, name, hardened.source), request.readOnly ?? hardened.readOnly ?? false, this._problems);
    }
  }

  /**
   * Mounts a Secret of cdk8s-plus: read-only, its files of mode 0440 (CH01-44).
   *
   * @param path directory in the container
   * @param secret a reference, such as `Secret.fromSecretName(...)`
   * @param options how
   */
  public mountSecret(path: string, secret: ISecret, options: MountOptions = {}): void {
    const request = readMount(path, options, this._pod.containers.map(({ name }) => name), this._problems, 'mountSecret');
    const name = this.readSecretName(secret, 'mountSecret.secret');
    if (name === undefined) return;
    const versioned = secret instanceof VersionedSecret ? secret : undefined;
    this.mountNamedSecret(name, versioned?.type ?? 'Opaque', versioned?.keys ?? [], request);
  }

  /**
   * Adds an environment variable to the main container.
   *
   * @param name name of the variable; must be new
   * @param value a literal, or an `EnvValue` of cdk8s-plus
   */
  public addEnv(name: string, value: string | EnvValue): void {
    const prop = `addEnv['${String(name)}']`;
    const goodName = envName.read(name, (given, expected) => this._problems.refuse(prop, given, expected, { fix: 'Choose another name' }));
    const part = envPart.read(value, (given, expected) => this._problems.refuse(prop, given, expected, { fix: 'Pass a string or an EnvValue' }));
    if (goodName === undefined || part === undefined) return;
    refuseSecretLiteral(goodName, part, [], this._problems, prop);
    if (this.main.env.some((known) => known.name === goodName)) {
      this._problems.refuse(prop, goodName, 'a variable that the container does not have yet', { fix: 'Remove one of the two' });
      return;
    }
    this.main.env.push({ name: goodName, ...part });
  }

  /**
   * Makes each entry of a ConfigMap or Secret an environment variable of the main container. New content of a
   * `VersionedConfigMap` rolls the pods.
   *
   * @param source a `VersionedConfigMap`, or an `EnvFrom` of cdk8s-plus
   * @param options how
   */
  public addEnvFrom(source: VersionedConfigMap | EnvFrom, options: EnvFromOptions = {}): void {
    const read = new Reader<EnvFromOptions>(this._problems, options, 'addEnvFrom.');
    const prefix = read.optional('prefix', shellName, '', { fix: "Use letters, digits and '_'" });
    read.refuseUnknown();
    if (source instanceof VersionedConfigMap) {
      this.main.envFrom.push(this.configMapEnv(source, prefix));
      return;
    }
    const kplus = source as unknown as { _toKube?: () => never } | undefined;
    if (typeof kplus?._toKube !== 'function') {
      this._problems.refuse('addEnvFrom.source', source, 'a VersionedConfigMap or an EnvFrom of cdk8s-plus', { fix: 'Pass the construct' });
      return;
    }
    this.main.envFrom.push({ source: loadKplus().k8s.toJson_EnvFromSource(kplus._toKube()) as object });
  }

  /**
   * Connects to another block: opens both network policies, and tells the main container how to connect by the
   * variables `<ID>_HOST`, `<ID>_PORT`, `<ID>_READ_HOST` and `<ID>_PASSWORD_FILE`, the last with the mounted Secret.
   *
   * @param target a block such as `Redis`
   * @param options how the variables are named
   */
  public connectTo(target: IConnectionTarget, options: ConnectOptions = {}): void {
    if (typeof (target as Partial<IConnectionTarget> | undefined)?.connectionFor !== 'function') {
      this._problems.refuse('connectTo', target, 'a block that can be connected to, such as Redis', { fix: 'Pass the block itself' });
      return;
    }
    const read = new Reader<ConnectOptions>(this._problems, options, 'connectTo.');
    const prefix = read.optional('prefix', matching(/^[A-Z][A-Z0-9_]*$/, 100, "upper-case letters, digits and '_', starting with a letter"), shortName(target).toUpperCase().replaceAll('-', '_'), { fix: 'Leave it out for the id of the target' });
    read.refuseUnknown();
    const connection = target.connectionFor(this);
    target.allowFrom(this);
    this.openTo(target, connection);
    this.addEnv(`${prefix}_HOST`, connection.host);
    this.addEnv(`${prefix}_PORT`, String(connection.port));
    if (connection.readHost !== undefined) this.addEnv(`${prefix}_READ_HOST`, connection.readHost);
    if (connection.password !== undefined) {
      const directory = `/var/run/secrets/${prefix.toLowerCase().replaceAll('_', '-')}`;
      const { secret, key } = connection.password;
      this.mountSecret(directory, secret, { items: { [key]: key } });
      this.addEnv(`${prefix}_PASSWORD_FILE`, `${directory}/${key}`);
    }
  }

  /**
   * Opens the pods for a peer.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options which ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    const peers = this.readPeers(peer, 'allowFrom');
    if (peers === undefined) return;
    const read = new Reader<AllowOptions>(this._problems, options, 'allowFrom.');
    const given = read.optional('ports', listOf(portNumber), undefined, { fix: 'Leave it out for all declared ports' });
    read.refuseUnknown();
    const declared = this.policyPorts();
    for (const port of given ?? []) {
      if (!declared.some((known) => known.port === port)) {
        read.refuse('ports', port, `ports of the pods (${declared.map((known) => known.port).join(', ')})`, { fix: 'Name a port that the container declares', practice: 'DX-04' });
      }
    }
    const ports = given === undefined ? declared : declared.filter(({ port }) => given.includes(port));
    addRule(this.policy.ingress, { peers, ports });
    recordEdge(this, { from: nameOf(peer, peers), to: this.node.path, ports: ports.map(({ port }) => port).join(',') });
  }

  /** How `client` reaches the workload. */
  public abstract connectionFor(client: IConstruct): Connection;

  /** Its pods. */
  public toPeer(): Peer {
    return Peer.pods({ labels: identity(this.name), namespace: namespaceOf(this) });
  }

  /** Its pods, for cdk8s-plus. */
  public toPodSelectorConfig(): PodSelectorConfig {
    const namespace = namespaceOf(this);
    return {
      labelSelector: loadKplus().LabelSelector.of({ labels: identity(this.name) }),
      namespaces: namespace === undefined ? undefined : { names: [namespace] },
    };
  }

  /** Its pods, for a NetworkPolicy of cdk8s-plus. */
  public toNetworkPolicyPeerConfig(): NetworkPolicyPeerConfig {
    return { podSelector: this.toPodSelectorConfig() };
  }

  /** Itself, for cdk8s-plus. */
  public toPodSelector(): IPodSelector | undefined {
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
  protected _setContainers(main: ContainerSettings, read: Reader<WorkloadProps>): void {
    const anything = that<unknown>('a container', () => true);
    const extra = (['sidecars', 'initContainers'] as const).flatMap((prop) => read
      .optional(prop, listOf(anything), [], { fix: "Write [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }]" })
      .map((given, index) => readExtraContainer(given, prop === 'sidecars' ? 'sidecar' : 'init', this._podWide, this._problems, `${prop}[${index}]`)));
    const names = new Set<string>();
    for (const container of [main, ...extra]) {
      if (names.has(container.name)) {
        this._problems.refuse('sidecars', container.name, 'names that are unique in the pod', { fix: 'Rename the container' });
      }
      names.add(container.name);
      this._pod.containers.push(container);
      this.addScratch(container);
      this.checkTag(container);
    }
    const version = imageVersion(main.image);
    Object.assign(this._pod.labels, versionLabel(version));
  }

  /**
   * Emits the budget and tells what the workload asks of the cluster. `replicas` is the least number of pods.
   *
   * @internal
   */
  protected _emitBudget(read: Reader<WorkloadProps>, kind: string, replicas: number): ApiObject | undefined {
    recordWorkload(this, () => ({ construct: this, kind, name: this.name, replicas, cpu: podRequest(this._pod, 'cpu'), memory: podRequest(this._pod, 'memory') }));
    const given = read.optional('budget', instance(DisruptionBudget, 'a DisruptionBudget, e.g. DisruptionBudget.maxUnavailable(1)'), DisruptionBudget.maxUnavailable(1), { fix: 'Use a factory of DisruptionBudget' });
    if (this._pod.placement.spread === 'hard' && replicas < 2) {
      read.refuse('spread', 'hard', `'soft' for ${replicas} replicas`, { fix: 'Spread hard from two replicas up' });
    }
    const budget = readBudget(given, replicas, this._problems, 'budget');
    return budget && emitLater(this, 'PodDisruptionBudget', this._head('policy/v1', 'PodDisruptionBudget'), this._problems, () => renderBudget(budget, this.name));
  }

  /** @internal */
  protected _head(apiVersion: string, kind: string, name = this.name, extra: { labels?: Labels; annotations?: Record<string, string> } = {}): Head {
    const annotations = extra.annotations ?? {};
    return {
      apiVersion,
      kind,
      metadata: { name, labels: { ...this._labels, ...extra.labels }, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    };
  }

  /** @internal */
  protected _allowMembers(): void {
    this.allowFrom(this);
    this.openTo(this, { host: this.name, port: this.main.ports[0].port });
  }

  private get main(): ContainerSettings {
    return this._pod.containers[0];
  }

  private readName(read: Reader<WorkloadProps>, longest: number): string {
    const rule = serviceName(longest);
    const name = read.optional('name', text, pathName(this), { fix: 'Leave it out for the construct path' });
    const good = rule.read(name, () => undefined);
    if (good === undefined) {
      this._problems.refuse('name', name, rule.expected, { fix: "Set 'name', or choose other construct ids", practice: 'DX-12' });
    }
    return good ?? 'invalid';
  }

  private readPullSecrets(read: Reader<WorkloadProps>): string[] {
    return read.optional('pullSecrets', listOf(that<ISecret>('a Secret reference', isPlain)), [], { fix: 'Use new VersionedSecret(...) or Secret.fromSecretName(...)' }).flatMap((secret, index) => {
      const name = this.readSecretName(secret, `pullSecrets[${index}]`);
      if (name !== undefined) needSecret({ user: this, name, type: 'kubernetes.io/dockerconfigjson', keys: ['.dockerconfigjson'] });
      return name ?? [];
    });
  }

  private readSecretName(secret: ISecret, prop: string): string | undefined {
    const name = (secret as Partial<ISecret> | undefined)?.name;
    if (typeof name !== 'string' || name === '') {
      this._problems.refuse(prop, secret, 'a Secret reference', { fix: 'Use new VersionedSecret(...) or Secret.fromSecretName(...)' });
      return undefined;
    }
    this.refuseOtherNamespace(secret, prop);
    return name;
  }

  private mountConfigMap(config: VersionedConfigMap, request: ReturnType<typeof readMount>): void {
    for (const key of Object.keys(request.items ?? {})) {
      if (!config.keys.includes(key)) {
        this._problems.refuse('mount.items', key, `keys of the ConfigMap (${config.keys.join(', ')})`, { fix: 'Name a key that the ConfigMap has', practice: 'CH04-20' });
      }
    }
    if (config.reload === 'watch' && request.subPath !== undefined) {
      this._problems.refuse('mount.subPath', request.subPath, "no subPath with reload: 'watch'", { fix: "Such a mount never sees an update: mount the directory, or use reload: 'version'", practice: 'CH04-12' });
    }
    this.noteChecksum(config);
    const volume = addVolume(this._pod, config.baseName, configMapSource(config.name, request.items ?? config._items));
    addMount(this._pod, request, volume, request.readOnly ?? true, this._problems);
  }

  private mountNamedSecret(name: string, type: string, keys: readonly string[], request: ReturnType<typeof readMount>): void {
    needSecret({ user: this, name, type, keys: [...keys, ...Object.keys(request.items ?? {})] });
    addMount(this._pod, request, addVolume(this._pod, name, secretSource(name, request.items)), true, this._problems);
  }

  private configMapEnv(config: VersionedConfigMap, prefix: string): EnvFromSettings {
    this.refuseOtherNamespace(config, 'addEnvFrom.source');
    for (const key of config.keys) {
      // a kubelet before 1.34 starts the pod without such a variable
      shellName.read(prefix + key, (given, expected) => this._problems.refuse('addEnvFrom.source', given, `keys that make variables: ${expected}`, { fix: 'Rename the key, or read the ConfigMap as files', practice: 'CH04-21' }));
    }
    this.noteChecksum(config);
    return { source: { ...(prefix === '' ? {} : { prefix }), configMapRef: { name: config.name } }, names: config.keys.map((key) => prefix + key) };
  }

  private noteChecksum(config: VersionedConfigMap): void {
    if (config.reload === 'checksum') this._pod.annotations[`checksum/${config.baseName}`] = config.contentHash;
  }

  private addScratch(container: ContainerSettings): void {
    for (const path of ['/tmp', ...container.writablePaths]) {
      const own = container.role === 'main' ? '' : `-${container.name}`;
      const volume = addVolume(this._pod, `${path === '/tmp' ? 'tmp' : path.slice(1).replaceAll('/', '-')}${own}`, scratchSource(container.writableBytes));
      addMount(this._pod, { path, containers: [container.name] }, volume, false, this._problems);
    }
  }

  private checkTag({ image }: ContainerSettings): void {
    const tag = imageVersion(image);
    if (tag !== undefined && !image.includes('@') && !isVersionTag(tag)) {
      warn(this, `image '${image}': the tag is neither a version nor a commit. Such tags get moved: add the digest, or use a version tag (CH01-08)`);
    }
  }

  private checkContainers(problems: Problems): void {
    for (const container of this._pod.containers) {
      refuseUndeclared(container, problems, container.role === 'main' ? '' : `${container.name}.`);
      for (const { name, source } of container.env) this.checkConfigKey(name, source, problems);
    }
  }

  private checkConfigKey(variable: string, source: object | undefined, problems: Problems): void {
    const ref = (source as { configMapKeyRef?: { name: string; key: string; optional?: boolean } } | undefined)?.configMapKeyRef;
    const config = ref && !ref.optional ? findConfigMap(this, ref.name) : undefined;
    if (ref && config && !config.keys.includes(ref.key)) {
      problems.refuse(`env['${variable}']`, ref.key, `a key of ConfigMap ${config.baseName} (${config.keys.join(', ')})`, { fix: 'Name a key that the ConfigMap has: the pod would not start', practice: 'CH04-20' });
    }
  }

  private refuseOtherNamespace(other: IConstruct, prop: string): void {
    if (typeof other.node !== 'object') return;
    const [theirs, own] = [namespaceOf(other), namespaceOf(this)];
    if (theirs !== undefined && own !== undefined && theirs !== own) {
      this._problems.refuse(prop, `'${other.node.path}' in namespace '${theirs}'`, `an object of namespace '${own}'`, { fix: 'A pod can use only what is in its own namespace: declare it in a chart of that one', practice: 'DX-24' });
    }
  }

  private refuseSharedClaim(given: IStorage): void {
    const modes = (given as { accessModes?: unknown }).accessModes;
    if (!this.kindOf.ownVolumes && Array.isArray(modes) && modes.some((mode) => String(mode).startsWith('ReadWriteOnce'))) {
      this._problems.refuse('mount.storage', modes.join(', '), 'a claim that all replicas can use, such as ReadOnlyMany', { fix: 'Keep state in a block with volumes of its own, such as Redis', practice: 'CH01-10' });
    }
  }

  private openEgress(egress: Egress, prop: string): void {
    const { peers, ports } = readEgress(egress, this._problems, prop);
    if (peers.length === 0) return;
    addRule(this.policy.egress, { peers, ports });
    recordEdge(this, { from: this.node.path, to: peers.map(describePeer).join(' or '), ports: ports.map(({ port }) => port).join(',') || 'all' });
  }

  private openTo(target: IPeer, connection: Connection): void {
    const peers = this.readPeers(target, 'connectTo');
    if (peers) addRule(this.policy.egress, { peers, ports: [{ port: connection.targetPort ?? connection.port, protocol: 'TCP' }] });
  }

  private readPeers(peer: IPeer, prop: string): PeerSettings[] | undefined {
    const given = (peer as Partial<IPeer> | undefined)?.toPeer?.();
    if (!(given instanceof Peer)) {
      this._problems.refuse(prop, peer, 'a block, a Peer or an IngressController', { fix: 'Use Peer.pods(...), Peer.cidr(...) or Peer.fromKplus(...)' });
      return undefined;
    }
    const peers = readPeer(given, this._problems, prop);
    return peers.length > 0 ? peers : undefined;
  }

  private policyPorts(): PolicyPort[] {
    return this._pod.containers.flatMap(({ ports }) => ports.map(({ port, protocol }) => ({ port, protocol })));
  }

  private toKplusContainers(): Container[] {
    const kplus = loadKplus();
    return this._pod.containers.filter(({ role }) => role !== 'init').map(({ name, image, ports, resources }) => new kplus.Container({
      name,
      image,
      ports: ports.map((port) => ({ name: port.name, number: port.port, protocol: port.protocol as never })),
      resources: resources.cpu && { cpu: { request: kplus.Cpu.millis(resources.cpu.request) } },
    }));
  }
}

function nameOf(peer: IPeer, peers: readonly PeerSettings[]): string {
  return Construct.isConstruct(peer) ? peer.node.path : peers.map(describePeer).join(' or ');
}
