import { Size } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { refuseOneWord } from './command';
import { type ContainerSettings, type PodWide, readImage, readResourcesProp } from './container';
import { refuseSecretWord } from './env';
import { readResources, Resources } from './resources';
import { refuseShells } from './shell';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { anyText, boolean, confidential, listOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel } from '../kernel/schema/syntax';
import { Cpu } from '../kubernetes/cpu';
import { parseImage } from '../kubernetes/image';

/** Options of a container that waits. */
export interface WaitOptions {
  /**
   * Whether the program ends only when the target answers. Otherwise it asks once, and the kubelet runs it again until
   * it succeeds: after 10 s, 20 s and so on, up to 5 minutes. A `Job` and a `ScheduledJob` require it, because they
   * count each failure.
   *
   * @default false
   */
  readonly waitsItself?: boolean;

  /**
   * CPU, memory and disk of the container. It ends before the main one starts, and so adds nothing to a pod that
   * requests more.
   *
   * @default Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) }): for a small client program. With
   * `podResources`, Resources.shared()
   */
  readonly resources?: Resources;

  /**
   * Name of the container, unique in the pod.
   *
   * @default - `wait-` and the prefix of the variables: `wait-db` for `DB`
   */
  readonly name?: string;
}

/**
 * How the pods of a client wait until the target of a connection answers: an init container runs a program that exits
 * with 0 then. It needs neither a shell nor access to the API server. `$(NAME)` in the command refers to a variable of
 * the connection.
 *
 * ```ts
 * frontend.connectTo(redis, {
 *   wait: Wait.byImage('redis:8.2.1', ['redis-cli', '-h', '$(REDIS_HOST)', '-p', '$(REDIS_PORT)', 'ping']),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
 */
export class Wait {
  /**
   * Waits with a program of the client's image, such as `pg_isready`.
   *
   * @param command the program and its arguments; no shell reads them
   * @param options how it waits, and its resources
   */
  public static byProgram(command: string[], options: WaitOptions = {}): Wait {
    return new Wait(undefined, command, options);
  }

  /**
   * Waits with a program of another image.
   *
   * @param image with a tag other than `latest`, a digest, or both
   * @param command the program and its arguments; no shell reads them
   * @param options how it waits, and its resources
   */
  public static byImage(image: string, command: string[], options: WaitOptions = {}): Wait {
    return new Wait({ image }, command, options);
  }

  private constructor(
    /** @internal */ public readonly _image: { readonly image: string } | undefined,
    /** @internal */ public readonly _command: unknown,
    /** @internal */ public readonly _options: unknown,
  ) {}
}

/** A client that waits for the target of a connection. */
export interface WaitFact {
  readonly owner: IConstruct;
  readonly target: IConstruct;
  readonly waitsItself: boolean;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly wait: WaitFact;
  }
}

export function stateWait(fact: WaitFact): void {
  AppModel.of(fact.owner).add('wait', fact);
}

/** The container that waits, with empty lists of variables and mounts, and whether its program waits itself. */
export interface WaitSettings {
  readonly container: ContainerSettings;
  readonly waitsItself: boolean;
}

const WORDS = confidential(listOf(confidential(anyText)));
const NAME = dnsLabel();
const DEFAULT_RESOURCES = Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) });
const PROP = 'connectTo.wait';

/** Reads the container that waits; `undefined` if it has no name. `usualName` names it unless the caller does. */
export function readWait(
  given: Wait,
  usualName: string,
  [main, ...others]: readonly ContainerSettings[],
  pod: PodWide,
  problems: Problems,
): WaitSettings | undefined {
  const read = new Reader<WaitOptions>(problems, given._options, `${PROP}.`);
  const name = readName(read, usualName, [main, ...others], problems);
  const command = readCommand(given._command, problems);
  const resources = readResourcesProp(read, pod, DEFAULT_RESOURCES);
  const waitsItself = read.optional('waitsItself', boolean, false);
  read.refuseUnknown();
  const image =
    given._image === undefined
      ? main.image
      : readImage(new Reader<{ readonly image: string }>(problems, given._image, `${PROP}.`), pod);
  if (name === undefined) return undefined;
  const container: ContainerSettings = {
    name,
    role: 'init',
    waits: true,
    image,
    version: parseImage(image)?.tag,
    pullPolicy: pod.pullPolicy,
    command,
    args: [],
    ports: [],
    resources: readResources(resources, pod, { bytes: 0, stated: false }, problems, `${PROP}.resources`),
    user: pod.user,
    probes: {},
    drain: 0,
    shell: given._image === undefined ? main.shell : true,
    scratch: { paths: [], bytes: 0 },
    env: [],
    allowSecretLookingEnv: [],
    envFrom: [],
    mounts: [],
  };
  refuseShells(container, problems, `${PROP}.`);
  return { container, waitsItself };
}

/** Puts the container before the others that run to completion: a migration among them needs the target. */
export function insertWait(container: ContainerSettings, containers: ContainerSettings[]): void {
  const next = containers.findIndex(({ role, waits }) => role === 'init' && !waits);
  containers.splice(next < 0 ? containers.length : next, 0, container);
}

function readName(
  read: Reader<WaitOptions>,
  usual: string,
  containers: readonly ContainerSettings[],
  problems: Problems,
): string | undefined {
  const stated = read.optional('name', NAME, undefined, { fix: "Write a name, such as 'wait-db'" });
  const name =
    stated ??
    NAME.read(usual, (given, expected) =>
      problems.refuse(`${PROP}.name`, given, expected, {
        rule: 'props/value',
        fix: "Set 'name' of the wait: the prefix of the variables makes none",
      }),
    );
  if (!containers.some((other) => other.name === name)) return name;
  problems.refuse(`${PROP}.name`, name, 'a name that is unique in the pod', {
    rule: 'props/duplicate',
    fix: "Set 'name' of the wait",
  });
  return undefined;
}

function readCommand(given: unknown, problems: Problems): readonly string[] {
  const prop = `${PROP}.command`;
  const fix = "Write the program and its arguments, such as ['pg_isready', '-h', '$(DB_HOST)', '-p', '$(DB_PORT)']";
  const command = WORDS.read(given, (value, expected, at = '') =>
    problems.refuse(`${prop}${at}`, value, expected, { rule: 'props/value', fix }),
  );
  if (command === undefined) return [];
  // items that are no texts have findings of their own
  if ((given as unknown[]).length === 0) {
    problems.refuse(prop, command, 'at least one word', { rule: 'props/empty-list', fix });
  }
  refuseOneWord(command, problems, prop);
  refuseSecretWord(command, problems, prop);
  return command;
}
