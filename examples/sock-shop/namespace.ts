import { ApiObject, type App, Chart } from 'cdk8s';

/**
 * The namespace: it admits only pods that meet Pod Security `restricted`. Its own chart, so that it is applied first.
 */
export class NamespaceChart extends Chart {
  public constructor(app: App, id: string, namespace: string) {
    super(app, id);
    new ApiObject(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
      },
    });
  }
}
