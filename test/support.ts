import { App, Chart, Testing } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Probe, type WebServiceProps } from '../src';
import { AppModel } from '../src/kernel/facts/app-model';
import type { AppView } from '../src/kernel/facts/app-view';

/** A manifest as any; tests look at single fields. */
export type Manifest = Record<string, any>;

/** The manifests of an app with one chart `app` in namespace `shop`. */
export function synth(build: (chart: Chart) => void): Manifest[] {
  const chart = newChart();
  build(chart);
  return Testing.synth(chart) as Manifest[];
}

export function newChart(namespace: string | undefined = 'shop', id = 'app', app = new App()): Chart {
  return new Chart(app, id, { namespace });
}

/** The only manifest of a kind, or the one with that name. */
export function only(manifests: Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name ?? ''} among ${manifests.map((m) => `${m.kind} ${m.metadata.name}`).join(', ')}`);
  return found[0];
}

/** All messages with which the synthesis fails, each as `[path] message`; none when it succeeds. */
export function problemsOf(build: (chart: Chart) => void): string[] {
  return messagesFrom(() => synth(build));
}

/** The same for an app of several charts. */
export function messagesOf(app: App): string[] {
  return messagesFrom(() => app.synthYaml());
}

function messagesFrom(synthesize: () => unknown): string[] {
  try {
    synthesize();
    return [];
  } catch (error) {
    const [title, ...messages] = (error as Error).message.split('\n  ');
    if (title !== 'Validation failed with the following errors:') throw error;
    return messages;
  }
}

/** What a validation of the app would look at now. */
export function viewOf(construct: IConstruct): AppView {
  return AppModel.of(construct).look();
}

/** The least that a WebService needs, for tests of one prop. */
export const WEB: WebServiceProps = {
  image: 'ghcr.io/acme/web:1.4.2',
  port: 8080,
  readiness: Probe.httpGet('/readyz'),
};

/** Props as a JavaScript caller may pass them. */
export function untyped<T>(props: Record<string, unknown>): T {
  return props as T;
}
