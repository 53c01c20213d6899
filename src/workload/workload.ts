import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type * as AddedSidecars from './added-sidecars';
import type { ConnectOptions } from './connect-options';
import { addVariable, addVariables, type EnvFromOptions, type EnvOptions } from './environment';
import { Mounting } from './mounting';
import type * as NewResources from './new-resources';
import type { Contents, Plan, WorkloadSite } from './plan';
import { readWorkload, readWorkloadName, type WorkloadKind } from './read-workload';
import type { PodWorkloadProps } from './workload-props';
import type { IdentityEndpoint } from '../access/workload-identity';
import { readSecretName, secretKeyRef, usablePassword } from '../config/references';
import type { Controller } from '../controllers/controller';
import { type KplusContainer, toLabelSelector } from '../interop/cdk8s-plus';
import type {
  IConfigMapRef,
  IEnvFromSource,
  IEnvSource,
  ISecretRef,
  ISubject,
  IVolumeSource,
  KplusObject,
  SubjectConfiguration,
} from '../interop/references';
import { identity, IDENTITY_LABEL, type Labels, versionLabel } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Verbatim } from '../kernel/findings/describe';
import { Problems } from '../kernel/findings/problems';
import { warn } from '../kernel/findings/warnings';
import { namespaceOf, shortName } from '../kernel/model/names';
import { needSecret, needSecretsLater } from '../kernel/model/required-secrets';
import { claimUnique } from '../kernel/model/uniqueness';
import {
  boolean,
  confidential,
  instance,
  isPlain,
  listOf,
  matching,
  oneOf,
  structs,
  that,
} from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel, envName, portName, shellName } from '../kernel/schema/syntax';
import { Cpu } from '../kubernetes/cpu';
import { annotationsOfNeeds } from '../kubernetes/hooks';
import { isVersionTag, parseImage } from '../kubernetes/image';
import type { AllowOptions, Connection, IConnectionClient, IConnectionTarget } from '../network/connection';
import { Egress } from '../network/egress';
import { emitPolicy } from '../network/emit-policy';
import { NetworkEdges } from '../network/network-edges';
import { recordPods } from '../network/networked-pods';
import { type IPeer, Peer } from '../network/peer';
import { isInService, refuseSamePorts } from '../network/ports';
import { WorkloadServiceAccount } from '../parts/service-account';
import { emitPart } from '../parts/site';
import type * as Vertical from '../parts/vertical-autoscaling';
import {
  type ContainerSettings,
  movingTag,
  type PodWide,
  readExtraContainer,
  type SidecarProps,
} from '../pod/container';
import type { PodSettings } from '../pod/pod-settings';
import { secretNeeds } from '../pod/references';
import { refuseShells } from '../pod/shell';
import type { Sidecar, SidecarOrder } from '../pod/sidecar';
import type { Volume } from '../pod/volume';
import { type MountOptions, nameContainers, namesOf, scratchSource } from '../pod/volumes';
import type * as Waiting from '../pod/wait';
import { recordWorkload, statePods } from '../pod/workload-facts';

const EGRESS = oneOf<'open' | 'declared'>('open', 'declared');
const EGRESS_TO = listOf(instance(Egress, 'an Egress, e.g. Egress.internet()'));
const PULL_SECRETS = confidential(listOf(confidential(that<ISecretRef>('a Secret reference', isPlain))));
const CONTAINER_NAME = dnsLabel();

/**
 * The common part of all workloads: names, labels, pods, identity and network policy. A block adds its controller and
 * parts with a plan, and its own public members. Neither it nor its subclasses have type parameters: jsii would drop
 * the base classes of such a class, and their members, from the packages for other languages.
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
  /** The VerticalPodAutoscaler; none without `verticalAutoscaling`. */
  public readonly verticalAutoscaler?: ApiObject;

  /**
   * The object of the controller.
   *
   * @internal
   */
  protected readonly _controller: ApiObject;

  /** What the parts of its plan have made, by the plan, which knows the type. */
  private readonly made: ReadonlyMap<object, unknown>;
  private readonly problems: Problems;
  private readonly site: WorkloadSite<PodWorkloadProps>;
  /** Number of its last containers that are sidecars of its chart or app. */
  private ordered = 0;
  private readonly pod: PodSettings;
  private readonly podWide: PodWide;
  private readonly mounting: Mounting;
  /** The block that each variable of a connection belongs to. */
  private readonly connected = new Map<string, IConnectionTarget>();
  private readonly edges: NetworkEdges;

  protected constructor(
    scope: Construct,
    id: string,
    props: PodWorkloadProps,
    plan: Plan<PodWorkloadProps, WorkloadKind, Contents, unknown>,
  ) {
    super(scope, id);
    const problems = new Problems(this);
    this.problems = problems;
    const read = new Reader<PodWorkloadProps>(problems, props);
    const kind = plan.kind(read, problems);
    if (kind.foreign) read.expectForeign(kind.foreign);
    this.name = readWorkloadName(this, read, kind.longestName);
    claimUnique(this, `workload label ${IDENTITY_LABEL}='${namespaceOf(this) ?? ''}/${this.name}'`, {
      rule: 'workload/duplicate-name',
      fix: "Rename one: two workloads with one name select each other's pods",
    });

    const {
      labels,
      annotations,
      podWide,
      podLabels,
      identity: cloudIdentity,
      pod,
    } = readWorkload(this, this.name, read, kind, problems);
    this.pod = pod;
    this.podWide = podWide;
    const needs = annotationsOfNeeds(annotations);
    this.serviceAccount = new WorkloadServiceAccount(
      this,
      'ServiceAccount',
      this.name,
      labels,
      this.readPullSecrets(read),
      { ...cloudIdentity?.annotations, ...needs },
    );
    this.edges = this.readEdges(read, cloudIdentity?.endpoints ?? []);
    this.networkPolicy = emitPolicy(this, this.name, labels, this.edges, problems, needs);
    this.mounting = new Mounting(this, pod, podWide, () => controller.severalPods(), problems);

    recordPods({
      owner: this,
      name: this.name,
      namespace: namespaceOf(this),
      labels: pod.labels,
      ownLabels: podLabels,
      ports: () => pod.containers.flatMap(({ ports }) => ports),
      allow: (peer, options) => this._allow(peer, options),
    });
    needSecretsLater(this, () => secretNeeds(this, pod));

    const site: WorkloadSite<PodWorkloadProps> = {
      owner: this,
      name: this.name,
      read,
      problems,
      labels,
      podWide,
      pod,
      mounting: this.mounting,
      edges: this.edges,
    };
    this.site = site;
    const contents = plan.read(site, kind);
    this.addContainers(contents.main, site, kind);
    const controller = plan.controller(site, contents);
    const head = {
      apiVersion: controller.apiVersion,
      kind: controller.kind,
      name: controller.objectName,
      annotations,
      labels: versionLabel(contents.main.version),
    };
    this._controller = emitPart(site, 'Resource', head, () => {
      this.mounting.settle();
      return controller.render(pod);
    });
    this.made = new Map([[plan, plan.parts(site, contents)]]);
    const vertical = this.readVertical(read, controller, kind);
    this.verticalAutoscaler = vertical && this.emitVertical(site, vertical);
    read.refuseUnknown();

    this.record(controller, vertical);
    const { kind: controllerKind, addedVariables, endsAfter, minReady } = controller;
    const take = (order: SidecarOrder): void => this.take(order);
    statePods({ owner: this, annotations, kind: controllerKind, pod, addedVariables, endsAfter, minReady, take });
    for (const order of AppModel.of(this).all('sidecarOrder')) take(order);
  }

  /**
   * The containers, for cdk8s-plus: it reads ports for network policies and requests for scaling.
   */
  public get containers(): KplusObject[] {
    return this.pod.containers
      .filter(({ role }) => role !== 'init')
      .map(({ name, image, ports, resources: { cpu } }): KplusContainer => ({
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
   * @param storage the source of the volume
   * @param options options of the mount
   */
  public mount(path: string, storage: Volume | IVolumeSource, options: MountOptions = {}): void {
    this.mounting.mount(path, storage, options);
  }

  /**
   * Mounts a Secret read-only, with files of mode 0440 (CH01-44).
   *
   * @param path directory in the container
   * @param secret a reference, such as `SecretRef.named('mail')`
   * @param options options of the mount
   */
  public mountSecret(path: string, secret: ISecretRef, options: MountOptions = {}): void {
    this.mounting.mountSecret(path, secret, options);
  }

  /**
   * Adds a container that runs beside the main one. It starts before the main container and stops after it.
   *
   * @param sidecar a ready value, such as `Sidecar.logTail(...)`
   */
  public addSidecar(sidecar: Sidecar): void {
    const { problems } = this;
    const container = loadSidecars().addSidecar(this.site, sidecar, { problems, prop: 'addSidecar' });
    // those of the chart come last, whenever they were ordered
    if (container) {
      this.addContainer(container, this.site.labels, this.pod.containers.length - this.ordered);
      this.addScratch(container);
    }
  }

  /**
   * Adds an environment variable.
   *
   * @param name name of the variable; must be new
   * @param value a literal, or an `EnvSource`
   * @param options which containers get it
   */
  public addEnv(name: string, value: string | IEnvSource, options: EnvOptions = {}): void {
    const read = new Reader<EnvOptions>(this.problems, options, 'addEnv.');
    const containers = this.readContainers(read);
    read.refuseUnknown();
    for (const container of containers) addVariable(container, name, value, this.problems);
  }

  /**
   * Turns each entry of a ConfigMap or Secret into an environment variable. New content of a
   * `VersionedConfigMap` rolls the pods.
   *
   * @param source a ConfigMap or a Secret, such as a `VersionedConfigMap`
   * @param options options of the variables
   */
  public addEnvFrom(source: ISecretRef | IConfigMapRef | IEnvFromSource, options: EnvFromOptions = {}): void {
    const read = new Reader<EnvFromOptions>(this.problems, options, 'addEnvFrom.');
    const prefix = read.optional('prefix', shellName, '', { fix: "Use letters, digits and '_'" });
    const containers = this.readContainers(read);
    read.refuseUnknown();
    for (const container of containers) addVariables(container, source, prefix, this.problems);
  }

  /**
   * Connects to another block. Opens both network policies, and passes the connection to the main container in the
   * variables `<ID>_HOST`, `<ID>_PORT`, `<ID>_READ_HOST` and `<ID>_PASSWORD_FILE`, the last with a mounted Secret.
   *
   * @param target a block such as `Redis`
   * @param options the port, the names of the variables, the password, and whether the pods wait for the target
   */
  public connectTo(target: IConnectionTarget, options: ConnectOptions = {}): void {
    const read = new Reader<ConnectOptions>(this.problems, options, 'connectTo.');
    const offered = this.edges.connect(this, target, read.optional('port', portName, undefined, NAME_PORT));
    if (offered === undefined) return;
    const direct = read.optional('headless', boolean, false);
    const connection = direct ? this.edges.directly(target, offered) : offered;
    const users = this.readContainers(read);
    const address = read.optional('address', envName, undefined, { fix: "Write a name, such as 'CART_ADDR'" });
    const given = read.optional('prefix', variablePrefix, undefined, {
      fix: "Write upper-case letters, digits and '_', such as 'CACHE'",
    });
    const own = read.optional('password', secretKeyRef, undefined, {
      fix: 'Give a SecretKeyRef with a Secret of this namespace',
    });
    const wait = this.readWait(read);
    read.refuseUnknown();
    const password =
      own ?? usablePassword(this, target, connection.password, this.problems, 'connectTo', GIVE_PASSWORD);
    const prefix = given ?? (address === undefined || password ? this.defaultPrefix(target) : '');
    const { host, port } = connection;
    const variables = address === undefined ? hostAndPort(prefix, connection) : { [address]: `${host}:${port}` };
    const directory = `/var/run/secrets/${prefix.toLowerCase().replaceAll('_', '-')}`;
    if (password !== undefined) variables[`${prefix}_PASSWORD_FILE`] = `${directory}/${password.key}`;
    if (this.refuseTakenVariables(target, prefix, Object.keys(variables), users)) return;
    const containers = wait === undefined ? users : [...users, ...this.addWait(wait, target, prefix)];
    if (password !== undefined) {
      const { secret, key } = password;
      const mounted = { items: { [key]: key }, containers: containers.map(({ name }) => name) };
      this.mounting.mountSecret(directory, secret, mounted, 'connectTo.password.secret');
    }
    for (const container of containers) {
      for (const [name, value] of Object.entries(variables)) addVariable(container, name, value, this.problems);
    }
  }

  /** Whether egress of the pods is closed except for declared connections. */
  public get egressClosed(): boolean {
    return this.edges.closesEgress;
  }

  /** Its pods, as a peer. */
  public toPeer(): Peer {
    const pods = Peer.pods({ labels: identity(this.name), namespace: namespaceOf(this) })._ofBlock(this);
    return this.pod.host?.network ? pods._onHostNetwork() : pods;
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

  /** Its ServiceAccount, as the subject of a cdk8s-plus RoleBinding. */
  public toSubjectConfiguration(): SubjectConfiguration {
    return this.serviceAccount.toSubjectConfiguration();
  }

  /**
   * What the parts of its plan have made.
   *
   * @internal
   */
  protected _madeBy<M>(plan: { parts(site: never, contents: never): M }): M {
    return this.made.get(plan) as M;
  }

  /**
   * Opens the pods for a peer, on the ports that the containers declare.
   *
   * @internal
   */
  protected _allow(peer: IPeer, options: AllowOptions): void {
    this.edges.allowFrom(
      peer,
      options,
      this.pod.containers.flatMap(({ ports }) => ports.map(({ port, protocol }) => ({ port, protocol }))),
    );
  }

  /** States the pods and their demands in the model of the app. */
  private record(controller: Controller, vertical: Vertical.VerticalSettings | undefined): void {
    const { pod, name } = this;
    recordWorkload(this, () => ({
      ...controller.scale(),
      scaledTo: (most) => controller.scale(most),
      construct: this,
      kind: controller.kind,
      name,
      namespace: namespaceOf(this),
      containers: vertical === undefined ? pod.containers : loadVertical().grownTo(vertical, pod.containers),
      overhead: pod.placement.overhead,
      whole: pod.whole,
      claims: pod.claims,
      volumes: pod.volumes,
      priorityClass: pod.placement.priorityClassName,
      token: pod.mountToken,
    }));
  }

  private readVertical(
    read: Reader<PodWorkloadProps>,
    { kind }: Controller,
    { fixedMemory }: WorkloadKind,
  ): Vertical.VerticalSettings | undefined {
    if (!read.has('verticalAutoscaling')) return undefined;
    const module = loadVertical();
    const given = read.optional(
      'verticalAutoscaling',
      instance(module.VerticalAutoscaling, 'a VerticalAutoscaling'),
      undefined,
      { fix: 'Use VerticalAutoscaling.recommend()' },
    );
    const settings = given && module.readVertical(given, this.problems);
    if (settings) {
      module.refuseEvictionOfRuns(kind, settings, this.problems);
      module.refuseFixed(settings, { isWhole: this.pod.whole !== undefined, memory: fixedMemory }, this.problems);
    }
    return settings;
  }

  private emitVertical(site: WorkloadSite<PodWorkloadProps>, settings: Vertical.VerticalSettings): ApiObject {
    const { apiVersion, kind, name } = this._controller;
    loadVertical().stateVertical(this, settings);
    return emitPart(
      site,
      'VerticalPodAutoscaler',
      { apiVersion: 'autoscaling.k8s.io/v1', kind: 'VerticalPodAutoscaler' },
      () => loadVertical().renderVertical(settings, { apiVersion, kind, name }, this.pod.containers[0].name),
    );
  }

  private readEdges(read: Reader<PodWorkloadProps>, endpoints: readonly IdentityEndpoint[]): NetworkEdges {
    const egress = read.optional('egress', EGRESS, undefined, {
      fix: "Write 'declared' to close egress, or 'open'",
    });
    const edges = new NetworkEdges(this, this.name, egress, this.problems);
    edges.openIdentity(endpoints);
    read
      .optional('egressTo', EGRESS_TO, [], {
        fix: "Use Egress.internet(), Egress.cidr('10.0.0.0/8') or Egress.to(peer)",
      })
      .forEach((destination, index) => edges.openEgress(destination, `egressTo[${index}]`));
    if (read.has('egressTo')) edges.nameDestinations();
    return edges;
  }

  /** Refuses a connection whose variables a container already has, as one mistake; tells whether it did. */
  private refuseTakenVariables(
    target: IConnectionTarget,
    prefix: string,
    names: readonly string[],
    containers: readonly ContainerSettings[],
  ): boolean {
    const taken = names.filter((name) => containers.some(({ env }) => env.some((known) => known.name === name)));
    const other = taken.map((name) => this.connected.get(name)).find((known) => known !== undefined);
    for (const name of names) if (!this.connected.has(name)) this.connected.set(name, target);
    if (taken.length === 0) return false;
    const from = other === undefined ? '' : ` of the connection with '${other.node.path}'`;
    const otherNames =
      prefix === '' ? "connectTo(...) with address: 'OTHER_ADDR'" : `connectTo(...) with prefix: '${prefix}_2'`;
    this.problems.refuse(
      'connectTo',
      new Verbatim(`'${target.node.path}', beside ${taken.join(', ')}${from}`),
      'variables that the container does not have yet',
      {
        rule: 'workload/duplicate-variable',
        fix: `${other === target ? 'Remove the second call, or write' : 'Write'} ${otherNames}`,
      },
    );
    return true;
  }

  /** The id of the target as a variable prefix, if possible. */
  private defaultPrefix(target: IConnectionTarget): string {
    const id = shortName(target);
    const prefix = id.toUpperCase().replace(/[^A-Z0-9]/g, '_');
    const good = variablePrefix.read(prefix, (given, expected) =>
      this.problems.refuse('connectTo.prefix', given, expected, {
        rule: 'props/value',
        fix: `Set 'prefix': the id of the target, '${id}', is no valid one`,
      }),
    );
    return good ?? `INVALID_${prefix}`;
  }

  private readWait(read: Reader<ConnectOptions>): Waiting.Wait | undefined {
    if (!read.has('wait')) return undefined;
    return read.optional(
      'wait',
      instance(loadWaiting().Wait, "a Wait, e.g. Wait.byProgram(['pg_isready', '-h', '$(DB_HOST)'])"),
      undefined,
      { fix: "Use Wait.byProgram(['pg_isready', '-h', '$(DB_HOST)']) or Wait.byImage(...)" },
    );
  }

  /** Adds the container that waits; none if it is refused. */
  private addWait(wait: Waiting.Wait, target: IConnectionTarget, prefix: string): readonly ContainerSettings[] {
    const { readWait, insertWait, stateWait } = loadWaiting();
    const { containers } = this.pod;
    const id = prefix === '' ? shortName(target) : prefix.toLowerCase().replaceAll('_', '-');
    const settings = readWait(wait, `wait-${id}`, containers, this.podWide, this.problems);
    if (settings === undefined) return [];
    const { container, waitsItself } = settings;
    insertWait(container, containers);
    if (wait._image !== undefined) this.checkTag(container);
    stateWait({ owner: this, target, waitsItself });
    return [container];
  }

  /** The containers that options name; the main one where they name none. */
  private readContainers(read: Reader<EnvOptions>): readonly ContainerSettings[] {
    const { containers } = this.pod;
    const known = containers.map(({ name }) => name);
    const names = read.optional('containers', namesOf(known), undefined, nameContainers(known));
    return names === undefined ? containers.slice(0, 1) : containers.filter(({ name }) => names.includes(name));
  }

  private readPullSecrets(read: Reader<PodWorkloadProps>): string[] {
    const secrets = read.optional('pullSecrets', PULL_SECRETS, [], {
      fix: "Use SecretRef.named('...') or a VersionedSecret",
    });
    const seen = new Set<string>();
    return secrets.flatMap((secret, index) => {
      const name = readSecretName(this, secret, this.problems, `pullSecrets[${index}]`);
      if (name !== undefined && seen.has(name)) {
        this.problems.refuse(`pullSecrets[${index}]`, name, 'each Secret once', {
          rule: 'props/duplicate',
          fix: 'Remove one of them',
        });
      }
      if (name !== undefined) seen.add(name);
      if (name !== undefined) {
        needSecret({ user: this, name, type: 'kubernetes.io/dockerconfigjson', keys: ['.dockerconfigjson'] });
      }
      return name ?? [];
    });
  }

  private addContainers(
    main: ContainerSettings,
    { read, podWide, labels }: WorkloadSite<PodWorkloadProps>,
    { hasService = false }: WorkloadKind,
  ): void {
    const name = read.optional('containerName', CONTAINER_NAME, main.name, { fix: "Write a name, such as 'server'" });
    const addContainer = (container: ContainerSettings): void => {
      this.addContainer(container, labels);
      this.addScratch(container);
    };
    addContainer(name === main.name ? main : { ...main, name });
    refuseShells(main, this.problems, '');
    const extra = (['sidecars', 'initContainers'] as const).flatMap((prop) =>
      read
        .optional(prop, structs<SidecarProps>('a container'), [], {
          fix: "List containers, such as one with name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0'",
        })
        .map((given, index) => {
          const container = readExtraContainer(
            given,
            prop === 'sidecars' ? 'sidecar' : 'init',
            podWide,
            this.problems,
            `${prop}[${index}]`,
          );
          if (this.pod.containers.some((other) => other.name === container.name)) {
            this.problems.refuse(`${prop}[${index}].name`, container.name, 'a name that is unique in the pod', {
              rule: 'props/duplicate',
              fix: 'Rename the container',
            });
          } else {
            addContainer(container);
          }
          refuseShells(container, this.problems, `${prop}[${index}].`);
          return container;
        }),
    );
    const others = extra.flatMap(({ ports }) => ports);
    if (others.length === 0) return;
    // a Service would use the port of the sidecar with that name
    refuseSamePorts([...main.ports, ...others], this.problems, 'sidecars', ['name', 'port']);
    if (!hasService) return this.refuseServicePorts(extra);
    refuseSamePorts([...main.ports, ...others.filter(isInService)], this.problems, 'sidecars', ['servicePort']);
  }

  private refuseServicePorts(sidecars: readonly ContainerSettings[]): void {
    for (const [index, { ports }] of sidecars.entries()) {
      for (const [at, { servicePort, isStated }] of ports.entries()) {
        if (!isStated) continue;
        this.problems.refuse(`sidecars[${index}].ports[${at}].servicePort`, servicePort, 'a block with a Service', {
          rule: 'props/conflict',
          fix: "Remove 'servicePort': no Service leads to these pods",
        });
      }
    }
  }

  /** Adds a sidecar of the chart or the app. */
  private take(order: SidecarOrder): void {
    const container = loadSidecars().takeSidecar(this.site, order);
    if (container === undefined) return;
    this.addContainer(container, this.site.labels);
    this.mounting.later('ordered', () => this.addScratch(container));
    this.ordered++;
  }

  private addContainer(container: ContainerSettings, labels: Labels, index = this.pod.containers.length): void {
    this.pod.containers.splice(index, 0, container);
    this.checkTag(container);
    const { resize, devices } = container.resources;
    if (resize !== undefined || devices !== undefined) this.addNewResources(container, labels);
  }

  /** Loaded for containers with fields of newer clusters only. */
  private addNewResources(container: ContainerSettings, labels: Labels): void {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const module = require('./new-resources') as typeof NewResources;
    module.addNewResources(this, this.pod, container, labels);
  }

  private addScratch({ name, role, scratch }: ContainerSettings): void {
    for (const path of scratch.paths) {
      const volume = path.slice(1).replaceAll('/', '-') + (role === 'main' ? '' : `-${name}`);
      this.mounting.addOwn(path, volume, scratchSource(scratch.bytes), name);
    }
  }

  private checkTag({ image, version }: ContainerSettings): void {
    // the version can be that of other content
    const { tag } = version === undefined || image.includes('@') ? {} : (parseImage(image) ?? {});
    if (tag !== undefined && !isVersionTag(tag)) warn(this, movingTag(image));
  }
}

const GIVE_PASSWORD = { fix: "Create the Secret there, and give it to connectTo(...) as 'password'" };
/** Loaded for connections with a wait only. */
function loadWaiting(): typeof Waiting {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../pod/wait') as typeof Waiting;
}

/** Loaded for workloads with a vertical autoscaler only. */
function loadVertical(): typeof Vertical {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../parts/vertical-autoscaling') as typeof Vertical;
}

/** Loaded for workloads with added sidecars only. */
function loadSidecars(): typeof AddedSidecars {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./added-sidecars') as typeof AddedSidecars;
}

const NAME_PORT = { fix: "Write the name of the port, such as 'http'" };

/** Variables that tell a client where to connect to. */
function hostAndPort(prefix: string, { host, port, readHost }: Connection): Record<string, string> {
  const known = { [`${prefix}_HOST`]: host, [`${prefix}_PORT`]: String(port) };
  return readHost === undefined ? known : { ...known, [`${prefix}_READ_HOST`]: readHost };
}

const variablePrefix = matching(
  /^[A-Z][A-Z0-9_]*$/,
  100,
  "at most 100 upper-case letters, digits and '_', starting with a letter",
);
