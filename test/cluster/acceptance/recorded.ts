import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { list, part } from '../../../src/kernel/schema/manifest';
import { podTemplateOf } from '../../../src/kubernetes/pod-template';
import type { Manifest } from '../rig/cluster';

/** The objects of one chart that a unit test synthesized. */
export interface Recorded {
  readonly test: string;
  readonly objects: readonly Manifest[];
}

/** What the unit tests synthesized, every chart once, as test/record-manifests.ts wrote it. */
export function recordedCharts(folder: string): Recorded[] {
  const lines = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean),
  );
  const charts = lines.map((line) => JSON.parse(line) as Recorded).filter(({ test }) => !PATCHED.test(test));
  return [...new Map(charts.map((chart) => [JSON.stringify(chart.objects), chart])).values()];
}

/** Tests that put into an object what no API server knows, to show that it reaches the YAML. */
const PATCHED = /takes a JSON patch/;

/**
 * The objects that are shown to users: all of examples, and what our blocks write in other tests, which also use
 * objects of others.
 */
export function shown({ test, objects }: Recorded): Manifest[] {
  return objects.filter(
    ({ metadata }) =>
      test.startsWith('test/examples/') || metadata?.labels?.['app.kubernetes.io/managed-by'] === 'cdk8s',
  );
}

/** Types of network plugins and clouds, which the clusters here have not. */
const FOREIGN = /^(cilium\.io|projectcalico\.org|multicluster\.x-k8s\.io|net\.gke\.io)\//;

/** Whether the clusters here can take the object: they have no IPv6 either. */
export function isServed({ apiVersion, kind, spec }: Manifest): boolean {
  return (
    !FOREIGN.test(apiVersion as string) &&
    !(kind === 'Service' && (spec.ipFamilies as string[] | undefined)?.includes('IPv6'))
  );
}

/** Whether the object is written for clusters before 1.34 only, on request: newer ones warn of the old name. */
export function isForOlder({ kind, spec }: Manifest): boolean {
  return kind === 'Service' && spec.trafficDistribution === 'PreferClose';
}

/** Types of the Gateway API whose rules use functions that the oldest API server does not know, by their plural. */
export const ONLY_NEWER = ['tlsroutes'];

/** Whether the object has one of these types, or fields that the oldest API server does not know. */
export function isForNewer(manifest: Manifest): boolean {
  const kind = manifest.kind as string;
  if (kind === 'ResourceClaimTemplate' || ONLY_NEWER.includes(`${kind.toLowerCase()}s`)) return true;
  const { behavior } = (manifest.spec ?? {}) as Manifest;
  if (kind === 'HorizontalPodAutoscaler') {
    return [behavior?.scaleUp, behavior?.scaleDown].some((direction) => part(direction, 'tolerance') !== undefined);
  }
  const pod = part(podTemplateOf(manifest)?.pod, 'spec');
  const containers = [...list(part(pod, 'containers')), ...list(part(pod, 'initContainers'))];
  return (
    part(pod, 'resources') !== undefined ||
    part(pod, 'resourceClaims') !== undefined ||
    part(pod, 'securityContext', 'supplementalGroupsPolicy') !== undefined ||
    list(part(pod, 'volumes')).some((volume) => part(volume, 'image') !== undefined) ||
    containers.some((container) => part(container, 'restartPolicyRules') !== undefined)
  );
}
