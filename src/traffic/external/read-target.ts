import { isIP } from 'node:net';
import type { DnsTargetOptions, ExternalTarget } from './external-target';
import { NameEgress, type NameEgressSettings, readNameEgress, readRanges } from './name-egress';
import type { RuleHint } from '../../kernel/findings/finding';
import type { Problems } from '../../kernel/findings/problems';
import { type Check, instance, listOf, that } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel, hostName, serviceName } from '../../kernel/schema/syntax';
import { endpointAddress, single } from '../../kubernetes/address';
import { refuseMetadata } from '../../kubernetes/metadata';

export type TargetSettings =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'name'; readonly name: string; readonly mapsPorts: boolean; readonly egress?: NameEgressSettings }
  | { readonly kind: 'synced'; readonly ranges: readonly string[] };

/** Never rendered: a substitute for a refused target. */
export const NOWHERE: TargetSettings = { kind: 'synced', ranges: [] };

/**
 * A name that cluster DNS can return. DNS treats it as complete: a name without a dot is never found, and many clients
 * read a number at the end as an address.
 */
const externalName: Check<string> = that(
  'a complete DNS name such as db.example.com, without a final dot',
  (value) => hostName.read(value, () => undefined) !== undefined && /\.(?!\d+$)[^.]+$/.test(value as string),
);

/** `egressProp` is the prop with the caller's egress. */
export function readTarget(
  target: ExternalTarget,
  problems: Problems,
  prop: string,
  egressProp = `${prop}.egress`,
): TargetSettings {
  if (target._kind === 'addresses') {
    return { kind: 'addresses', addresses: readAddresses(target._value, problems, prop) };
  }
  if (target._kind === 'synced') return { kind: 'synced', ranges: readRanges(target._value, problems, prop) };
  const read = new Reader<DnsTargetOptions>(problems, target._options, `${prop}.`);
  const egress = readEgressChoice(read);
  read.refuseUnknown();
  const opened = egress && readNameEgress(egress, problems, egressProp);
  if (target._kind === 'name') {
    return { kind: 'name', name: readExternalName(target._value, problems, prop), mapsPorts: false, egress: opened };
  }
  if (opened !== undefined && opened.kind !== 'cidrs') {
    problems.refuse(egressProp, opened.kind, 'ranges: policies see the pods of the other cluster', {
      rule: 'external/egress-of-cluster-set',
      fix: 'Use NameEgress.cidrs([...]) with its pod ranges',
    });
  }
  return { kind: 'name', name: readClusterSetName(target._value, problems, prop), mapsPorts: true, egress: opened };
}

export function readEgressChoice(read: Reader<DnsTargetOptions>): NameEgress | undefined {
  return read.optional(
    'egress',
    instance(NameEgress, "a NameEgress, e.g. NameEgress.cidrs(['10.40.0.0/24'])"),
    undefined,
    { fix: 'Use NameEgress.cidrs(...), NameEgress.cilium() or NameEgress.calico()', practice: 'CH13-31' },
  );
}

function readClusterSetName(value: unknown, problems: Problems, prop: string): string {
  const read = new Reader<{ service: string; namespace: string }>(problems, value, `${prop}.`);
  const service = read.required('service', serviceName(), 'invalid', {
    fix: 'Name the Service that the other cluster exports',
    practice: 'CH13-26',
  });
  const namespace = read.required('namespace', dnsLabel(), 'invalid', {
    fix: 'Name its namespace, which is the same in all clusters of the set',
    practice: 'CH13-26',
  });
  return `${service}.${namespace}.svc.clusterset.local`;
}

function readAddresses(addresses: unknown, problems: Problems, prop: string): string[] {
  const refuse = (given: unknown, expected: string, at = ''): void =>
    problems.refuse(`${prop}${at}`, given, expected, addressHint(given));
  const good = listOf(endpointAddress).read(addresses, refuse) ?? [];
  if (Array.isArray(addresses) && addresses.length === 0) refuse(addresses, 'at least one address');
  good.forEach((address, index) => {
    refuseMetadata(single(address), problems, prop, address);
    if (good.indexOf(address) !== index) refuse(address, 'each address once');
  });
  return [...new Set(good)];
}

function addressHint(given: unknown): RuleHint {
  const named = typeof given === 'string' && hostName.read(given, () => undefined) !== undefined;
  return {
    rule: 'props/value',
    fix: named ? 'For a name, use ExternalTarget.dnsName(...)' : "Give addresses that all nodes reach: ['10.40.0.10']",
    practice: 'CH13-07',
  };
}

function readExternalName(value: unknown, problems: Problems, prop: string): string {
  const isAddress = typeof value === 'string' && isIP(value) !== 0;
  const hint = {
    fix: isAddress
      ? 'For an address, use ExternalTarget.addresses([...])'
      : 'Write the host only: no scheme, port or path',
    practice: 'CH13-09',
  };
  const name = externalName.read(value, (given, expected) =>
    problems.refuse(prop, given, expected, { rule: 'props/value', ...hint }),
  );
  if (name !== undefined && /(^|\.)svc(\.cluster\.local)?$/.test(name)) {
    problems.refuse(prop, name, 'a name outside the cluster', {
      rule: 'external/name-in-cluster',
      fix: 'Connect to the block itself, which sets up policies and host names',
    });
  }
  return name ?? 'invalid.example.com';
}
