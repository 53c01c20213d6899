import { type Check, oneOf } from '../kernel/schema/checks';

/** Admitted by Pod Security `baseline`: what container runtimes give by default. */
export const BASELINE_CAPABILITIES = ['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'] as const;

const OTHER_CAPABILITIES = [
  'AUDIT_CONTROL', 'AUDIT_READ', 'BLOCK_SUSPEND', 'BPF', 'CHECKPOINT_RESTORE', 'DAC_READ_SEARCH', 'IPC_LOCK', 'IPC_OWNER', 'LEASE', 'LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE',
  'NET_ADMIN', 'NET_BROADCAST', 'NET_RAW', 'PERFMON', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_MODULE', 'SYS_NICE', 'SYS_PACCT', 'SYS_PTRACE', 'SYS_RAWIO', 'SYS_RESOURCE', 'SYS_TIME',
  'SYS_TTY_CONFIG', 'SYSLOG', 'WAKE_ALARM',
] as const;

/** A capability by its name, without `CAP_` and never `ALL` (CH10-22). */
export const capability: Check<string> = {
  ...oneOf<string>(...BASELINE_CAPABILITIES, ...OTHER_CAPABILITIES),
  expected: "a capability of Linux without 'CAP_', such as NET_ADMIN, and not 'ALL'",
  read(value, refuse) {
    return oneOf<string>(...BASELINE_CAPABILITIES, ...OTHER_CAPABILITIES).read(value, (given) => refuse(given, this.expected));
  },
};
