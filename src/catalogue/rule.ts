/** How much a finding weighs. */
export enum Severity {
  /** Nothing is written. */
  ERROR = 'error',
  /** Allowed, but worth a look. */
  WARNING = 'warning',
  /** Good to know. */
  INFO = 'info',
}

/** What is known of a rule. */
export interface Rule {
  readonly severity: Severity;
  /**
   * Whether an app can lower or waive it, although its findings are errors: what it refuses can be rendered, and
   * Kubernetes takes it. Else no sound YAML exists. Warnings can always be waived.
   */
  readonly waivable?: true;
  /** Ids of docs/practices.md. */
  readonly practices: readonly string[];
  /** What the rule asks for, as a sentence without a full stop. */
  readonly title: string;
  /** What goes wrong otherwise. */
  readonly reason: string;
  /** How to mend it, in general; a finding says it for its case. */
  readonly fix: string;
  /** Code that breaks the rule, and no other. It stands on `PRELUDE`. */
  readonly bad: string;
  /** The same, mended. */
  readonly good: string;
}

/** Rules by their ids. */
export function rules<K extends string>(entries: Readonly<Record<K, Rule>>): Readonly<Record<K, Rule>> {
  return entries;
}

/** What the samples of all rules begin with. */
export const PRELUDE = `const app = new App();
const chart = new Chart(app, 'shop', { namespace: 'shop' });
const image = 'ghcr.io/acme/web:1.4.2';
const web = { image, port: 8080, readiness: Probe.httpGet('/readyz') };
const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
const nginx = IngressController.inNamespace('ingress-nginx', { className: 'nginx' });
const routing = { host: 'shop.example.com', tls: Tls.none(), controller: nginx };
const quota = Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) });
const tenant = { name: 'team', owner: 'team@example.com', team: 'shop', purpose: 'The shop', quota };`;
