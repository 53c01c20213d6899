import { ApiObject, App, type Chart } from 'cdk8s';
import { ClusterRequirements } from '../../src';
import { type Manifest, newChart } from '../support';

/** A raw object, as another library or an Include would write it. */
export function raw(chart: Chart, id: string, apiVersion: string, kind: string, content: Manifest = {}): ApiObject {
  const { metadata, ...rest } = content;
  return new ApiObject(chart, id, { apiVersion, kind, metadata: { name: id, ...metadata }, ...rest });
}

/** A raw Deployment with one container. */
export function deployment(chart: Chart, id: string, pod: Manifest = {}, spec: Manifest = {}): ApiObject {
  return raw(chart, id, 'apps/v1', 'Deployment', {
    spec: {
      selector: { matchLabels: { app: id } },
      template: {
        metadata: { labels: { app: id } },
        spec: { containers: [{ name: 'main', image: 'ghcr.io/acme/x:1.0.0' }], ...pod },
      },
      ...spec,
    },
  });
}

/** The titles of what an app needs, without its version and its namespace, each with its users. */
export function needsOf(build: (chart: Chart) => void): string[] {
  const app = new App();
  build(newChart('shop', 'app', app));
  return titlesOf(app).filter((title) => !/^(Kubernetes|Namespace shop)/.test(title));
}

export function titlesOf(app: App): string[] {
  return ClusterRequirements.of(app).requirements.map(({ title, users }) => [title, ...users].join(' | '));
}
