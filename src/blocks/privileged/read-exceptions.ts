import { handsOverNode } from './host-paths';
import { type ExceptionKind, type HostPathOptions, PrivilegedException } from './privileged-exception';
import type { Problems } from '../../kernel/findings/problems';
import { boolean, type Check, instance, listOf, oneOf, reason } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { absolutePath, directory } from '../../kernel/schema/syntax';
import { BASELINE_CAPABILITIES } from '../../kubernetes/pod-security';
import type { HostAccess, Privileges } from '../../pod/security';

export interface HostPathSettings {
  readonly path: string;
  readonly mountPath: string;
  readonly writable: boolean;
  readonly type: 'Directory' | 'File' | 'Socket';
}

export interface ExceptionSettings {
  readonly privileges: Privileges;
  readonly host: HostAccess;
  readonly paths: readonly HostPathSettings[];
  /** Names of the exceptions, as the annotations show them. */
  readonly names: readonly string[];
  /** Contact, exceptions and reasons, for the manifests. */
  readonly annotations: Record<string, string>;
  /** The most restrictive Pod Security level that admits the exceptions. */
  readonly level: 'baseline' | 'privileged';
}

const PREFIX = 'security-exception';

/** The keys of the annotations. */
const NAMES: Record<Exclude<ExceptionKind, 'hostPath'>, string> = {
  capabilities: 'capabilities',
  hostNetwork: 'host-network',
  hostProcesses: 'host-processes',
  rootUser: 'root-user',
  privileged: 'privileged',
};

export const exceptionList: Check<PrivilegedException[]> = listOf(
  instance(PrivilegedException, 'a PrivilegedException'),
);

const OTHER_CAPABILITIES = [
  'AUDIT_CONTROL',
  'AUDIT_READ',
  'BLOCK_SUSPEND',
  'BPF',
  'CHECKPOINT_RESTORE',
  'DAC_READ_SEARCH',
  'IPC_LOCK',
  'IPC_OWNER',
  'LEASE',
  'LINUX_IMMUTABLE',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'NET_ADMIN',
  'NET_BROADCAST',
  'NET_RAW',
  'PERFMON',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_NICE',
  'SYS_PACCT',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'SYSLOG',
  'WAKE_ALARM',
] as const;

/** The name of a capability, without `CAP_` and never `ALL` (CH10-22). */
const capability: Check<string> = {
  ...oneOf<string>(...BASELINE_CAPABILITIES, ...OTHER_CAPABILITIES),
  expected: "a capability of Linux without 'CAP_', such as NET_ADMIN, and not 'ALL'",
  read(value, refuse) {
    return oneOf<string>(...BASELINE_CAPABILITIES, ...OTHER_CAPABILITIES).read(value, (given) =>
      refuse(given, this.expected),
    );
  },
};

/** Exceptions in the form that the pods need. */
export function readExceptions(
  owner: string | undefined,
  given: readonly PrivilegedException[],
  problems: Problems,
): ExceptionSettings {
  const kinds = new Set<ExceptionKind>();
  const paths: HostPathSettings[] = [];
  const capabilities: string[] = [];
  const annotations: Record<string, string> = {};
  given.forEach((exception, index) => {
    const prop = `exceptions[${index}]`;
    const kind = exception._kind;
    if (kinds.has(kind) && kind !== 'hostPath') {
      problems.refuse(prop, kind, 'each exception once', { rule: 'props/duplicate', fix: 'Remove one of them' });
    }
    kinds.add(kind);
    const read = new Reader<HostPathOptions>(problems, exception._options, `${prop}.`);
    const why = read.required('reason', reason, 'invalid', {
      fix: 'State what needs it, and why nothing less is enough',
      practice: 'CH10-29',
    });
    if (kind === 'hostPath') {
      const settings = readHostPath(exception._value, read, problems, prop);
      paths.push(settings);
      annotations[`${PREFIX}/host-path-${paths.length}`] =
        `${settings.path} (${settings.writable ? 'writable' : 'read-only'}): ${why}`;
    } else if (kind === 'capabilities') {
      capabilities.push(...readCapabilities(exception._value, problems, prop));
      annotations[`${PREFIX}/${NAMES[kind]}`] = `${capabilities.join(', ')}: ${why}`;
    } else {
      annotations[`${PREFIX}/${NAMES[kind]}`] = why;
    }
    read.refuseUnknown();
  });
  refuseUseless(kinds, problems);
  const isBaseline =
    [...kinds].every((kind) => kind === 'rootUser' || kind === 'capabilities') &&
    capabilities.every((name) => (BASELINE_CAPABILITIES as readonly string[]).includes(name));
  return {
    privileges: { capabilities, root: kinds.has('rootUser'), privileged: kinds.has('privileged') },
    host: { network: kinds.has('hostNetwork'), processes: kinds.has('hostProcesses') },
    paths,
    names: Object.keys(annotations).map((key) => key.slice(PREFIX.length + 1)),
    annotations: { ...(owner === undefined ? {} : { owner }), ...annotations },
    level: isBaseline ? 'baseline' : 'privileged',
  };
}

function readHostPath(
  value: unknown,
  read: Reader<HostPathOptions>,
  problems: Problems,
  prop: string,
): HostPathSettings {
  const path =
    absolutePath.read(value, (given, expected) =>
      problems.refuse(`${prop}.path`, given, expected, {
        rule: 'props/value',
        fix: "Write the path on the node, such as '/var/log'",
      }),
    ) ?? '/var/log';
  const writable = read.optional('writable', boolean, false);
  const knows = read.optional('handsOverNode', boolean, false);
  const isMaster = handsOverNode(path, writable);
  if (isMaster && !knows) {
    problems.refuse(
      `${prop}.path`,
      path,
      `a path with which the container cannot ${writable ? 'change' : 'take over'} the node`,
      { rule: 'privileged/host-path', fix: 'Mount only the directory that is needed, or set handsOverNode: true' },
    );
  }
  if (!isMaster && knows) {
    read.refuse('handsOverNode', true, `nothing for '${path}', which does not give control of the node`, {
      rule: 'props/conflict',
      fix: 'Remove it',
      practice: 'CH10-29',
    });
  }
  return {
    path,
    writable,
    mountPath: read.optional('mountPath', directory, path === '/' ? '/host' : `/host${path}`),
    type: read.optional('type', oneOf<HostPathSettings['type']>('Directory', 'File', 'Socket'), 'Directory'),
  };
}

function readCapabilities(value: unknown, problems: Problems, prop: string): string[] {
  const hint = { fix: 'List what the process needs: capabilities(7)', practice: 'CH10-22' };
  const names =
    listOf(capability).read(value, (given, expected, at = '') =>
      problems.refuse(`${prop}.names${at}`, given, expected, { rule: 'props/value', ...hint }),
    ) ?? [];
  if (Array.isArray(value) && value.length === 0) {
    problems.refuse(`${prop}.names`, value, 'at least one capability', { rule: 'props/empty-list', ...hint });
  }
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      problems.refuse(`${prop}.names[${index}]`, name, 'each capability once', {
        rule: 'props/duplicate',
        fix: 'Remove one of them',
      });
    }
  });
  return names;
}

/**
 * Refuses capabilities without root: a process of another user has no effective capabilities, even in a privileged
 * container.
 *
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
function refuseUseless(kinds: ReadonlySet<ExceptionKind>, problems: Problems): void {
  const given = (['capabilities', 'privileged'] as const).filter((kind) => kinds.has(kind));
  if (given.length > 1) {
    problems.add({
      rule: 'props/conflict',
      prop: 'exceptions',
      got: "'capabilities' with 'privileged'",
      expected: 'one of the two',
      fix: "Remove 'privileged' if the capabilities are enough: it includes all of them",
      practice: 'CH10-29',
    });
  }
  if (given.length > 0 && !kinds.has('rootUser')) {
    problems.add({
      rule: 'privileged/capabilities-without-root',
      prop: 'exceptions',
      got: `'${given[0]}' without 'rootUser'`,
      expected: 'both',
      fix:
        'Added capabilities have no effect for other users: add PrivilegedException.rootUser(...), or ' + 'remove them',
    });
  }
}
