import { parseAllDocuments } from 'yaml';
import { VersionedConfigMap, WebService } from '../../../src';
import { type Manifest, only, untyped, WEB } from '../../support';
import { report, refused, right, type Report, type Seen, told } from '../report';

const parsed = ({ yaml }: Seen): Manifest[] => parseAllDocuments(yaml).map((document) => document.toJS() as Manifest);

const LINES = `${'word '.repeat(60)}\n  indented\n\n\ttab\ntrailing  \n${'x'.repeat(300)}\n\n`;

export const CONFIG: readonly Report[] = [
  report(
    'cdk8s#172, cdk8s#588, cdk8s#494, core#1850',
    'long and multi-line strings change on their way through YAML',
    (chart) => new VersionedConfigMap(chart, 'text', { data: { lines: LINES } }),
    right('the text comes back as it was', (seen) => expect(only(parsed(seen), 'ConfigMap').data.lines).toBe(LINES)),
  ),
  report(
    'cdk8s#1416, cdk8s#2166, helm/charts#9586, OctopusDeploy#585, OctopusDeploy#96',
    'on, Y, 0123, 1e10 and 1:30 become booleans and numbers',
    (chart) => new VersionedConfigMap(chart, 'odd', { data: { a: 'on', b: 'Y', c: '0123', d: '1e10', e: '1:30' } }),
    right('quoted', (seen) => {
      expect(only(parsed(seen), 'ConfigMap').data).toEqual({ a: 'on', b: 'Y', c: '0123', d: '1e10', e: '1:30' });
      expect(seen.yaml).toMatch(/a: ["']on["']/);
    }),
  ),
  report(
    'jitsi-helm#175, gloo-mesh#1641',
    'an annotation that is a number or a boolean',
    (chart) => new WebService(chart, 'web', untyped({ ...WEB, annotations: { 'example.com/weight': 10 } })),
    refused('props/value'),
  ),
  report(
    'kubernetes/kubernetes#50345, kubernetes/kubernetes#92296',
    'a ConfigMap mounted with subPath is never updated',
    (chart) =>
      new WebService(chart, 'web', WEB).mount(
        '/etc/web',
        new VersionedConfigMap(chart, 'settings', { data: { 'a.json': '{}' }, reload: 'watch' }),
      ),
    right('a directory is mounted, never a subPath', ({ manifests }) => {
      const [mount] = only(manifests, 'Deployment').spec.template.spec.containers[0].volumeMounts.filter(
        ({ mountPath }: Manifest) => mountPath === '/etc/web',
      );
      expect(mount.subPath).toBeUndefined();
    }),
  ),
  report(
    'nextcloud/helm#247',
    'new configuration does not reach the pods after an upgrade',
    (chart) =>
      new WebService(chart, 'web', WEB).mount(
        '/etc/web',
        new VersionedConfigMap(chart, 'settings', { data: { 'config.php': '<?php' } }),
      ),
    right('a new name for new content rolls the pods', ({ manifests }) => {
      const { name } = only(manifests, 'ConfigMap').metadata;
      expect(name).toMatch(/-[0-9a-z]{8,}$/);
      expect(JSON.stringify(only(manifests, 'Deployment'))).toContain(name);
    }),
  ),
  report(
    'kubernetes/kubernetes#83955, kubernetes/kubectl#712, grafana/tanka#50, pingcap/tidb-operator#697',
    'kubectl apply refuses a ConfigMap of more than 256 KiB: annotations too long',
    (chart) => new VersionedConfigMap(chart, 'dashboards', { data: { 'a.json': 'x'.repeat(300_000) } }),
    told('ci', 'Apply with `--server-side`', ({ manifests }) =>
      expect(only(manifests, 'ConfigMap').metadata.annotations).toBeUndefined(),
    ),
  ),
  report(
    'midjourney-proxy#696',
    'API keys in manifests',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        env: { STRIPE: ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_') },
      }),
    refused('secret/in-env'),
  ),
  report(
    'sobs#435, sequin#2155, osixia#457, krakend-k8s#1',
    'links of Services overwrite variables such as PORT',
    (chart) => new WebService(chart, 'web', { ...WEB, env: { WEB_PORT: '8080' } }),
    right('enableServiceLinks: false', ({ manifests }) =>
      expect(only(manifests, 'Deployment').spec.template.spec.enableServiceLinks).toBe(false),
    ),
  ),
];
