import { App, Chart, Testing } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { expectKnownWording, keyOf } from './golden-messages';
import { type Finding, findingsOf, Probe, Severity, type WebServiceProps } from '../src';
import { AppModel } from '../src/kernel/facts/app-model';
import type { PassView } from '../src/kernel/facts/pass-view';

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

/** The annotations of a pod template, but for the scratch volumes, which all have. */
export function annotationsOf(template: Manifest): Record<string, string> {
  const all = (template.metadata.annotations ?? {}) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !name.startsWith('cluster-autoscaler.kubernetes.io/')),
  );
}

/** The only manifest of a kind, or the one with that name. */
export function only(manifests: Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter(
    (manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name),
  );
  if (found.length !== 1) {
    throw new Error(
      `${found.length} of ${kind} ${name ?? ''} among ${manifests.map((m) => `${m.kind} ${m.metadata.name}`).join(', ')}`,
    );
  }
  return found[0];
}

/**
 * What a synthesis refuses, each as `[path] prop: rule`; none when it succeeds. The wording of all of it is in
 * test/messages.golden.txt.
 */
export function problemsOf(build: (chart: Chart) => void): string[] {
  const chart = newChart();
  return refusedBy(() => {
    build(chart);
    Testing.synth(chart);
  }, chart);
}

/** The whole lines, for tests whose input is random. */
export function linesOf(build: (chart: Chart) => void): string[] {
  const chart = newChart();
  return messagesOf(() => {
    build(chart);
    Testing.synth(chart);
  });
}

/** The same as `problemsOf` for an app of several charts. */
export function problemsOfApp(app: App): string[] {
  return refusedBy(() => app.synthYaml(), app);
}

/** The same for a step of whatever kind that synthesizes the app of `scope`. */
export function refusedBy(synthesize: () => unknown, scope: IConstruct): string[] {
  const lines = messagesOf(synthesize);
  const findings = lines.length === 0 ? [] : errorsIn(scope.node.root);
  // text and data say the same
  expect(findings.map(({ message }) => message)).toEqual(lines.map((line) => line.replace(/^\[[^\]]*\] /, '')));
  return pinned(findings);
}

/** The messages of a failed synthesis, each as `[path] message`. */
export function messagesOf(synthesize: () => unknown): string[] {
  try {
    synthesize();
    return [];
  } catch (error) {
    const [title, ...messages] = (error as Error).message.split('\n  ');
    if (title !== 'Validation failed with the following errors:') throw error;
    return messages;
  }
}

/** What is worth a look in an app, each as `[path] prop: rule`. */
export function warningsIn(app: IConstruct): string[] {
  return pinned(findingsOf(app).filter(({ severity }) => severity === Severity.WARNING));
}

/** The same of a chart `app`, which must be sound. */
export function warningsOf(build: (chart: Chart) => void): string[] {
  const chart = newChart();
  build(chart);
  Testing.synth(chart);
  return warningsIn(chart);
}

/** Findings as `[path] prop: rule`; their wording must be in the golden file. */
export function pinned(findings: readonly Finding[]): string[] {
  expectKnownWording(findings);
  return findings.map(keyOf);
}

function errorsIn(app: IConstruct): Finding[] {
  return findingsOf(app).filter(({ severity }) => severity === Severity.ERROR);
}

/** What a validation of the app would look at now. */
export function viewOf(construct: IConstruct): PassView {
  return AppModel.of(construct).look();
}

/** The least that a WebService needs, for tests of one prop. */
export const WEB: WebServiceProps = {
  image: 'ghcr.io/acme/web:1.4.2',
  port: 8080,
  readiness: Probe.httpGet('/readyz'),
};

/** A value as a JavaScript caller may pass it. */
export function untyped<T>(given: unknown): T {
  return given as T;
}
