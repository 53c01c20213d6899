/** Severity of a finding. */
export enum Severity {
  /** An error: the app writes no YAML. */
  ERROR = 'error',
  /** A warning: allowed, but worth a review. */
  WARNING = 'warning',
  /** Information. */
  INFO = 'info',
}

/** Metadata of a rule. */
export interface Rule {
  readonly severity: Severity;
  /**
   * Whether an app can lower or waive the rule although its findings are errors. Such YAML can be rendered, and
   * Kubernetes accepts it. Without this flag, no sound YAML exists. Warnings can always be waived.
   */
  readonly waivable?: true;
  /** Ids of practices in docs/practices.md. */
  readonly practices: readonly string[];
  /** The state that the rule requires, as a sentence without a full stop. */
  readonly title: string;
  /** The consequence of a violation. */
  readonly reason: string;
  /** The general fix; a finding gives the specific one. */
  readonly fix: string;
  /** Code that breaks this rule and no other. It follows `PRELUDE`. */
  readonly bad: string;
  /** The same code without the violation. */
  readonly good: string;
}

/** Rules by id. */
export function rules<K extends string>(entries: Readonly<Record<K, Rule>>): Readonly<Record<K, Rule>> {
  return entries;
}

/** Code before the samples of every rule. */
export const PRELUDE = `const app = new App();
const chart = new Chart(app, 'shop', { namespace: 'shop' });
const image = 'ghcr.io/acme/web:1.4.2';
const web = { image, port: 8080, readiness: Probe.httpGet('/readyz') };
const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
const nginx = IngressController.inNamespace('ingress-nginx', { className: 'nginx' });
const authentication = Authentication.byApp();
const routing = { host: 'shop.example.com', tls: Tls.none(), controller: nginx, authentication };
const quota = Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) });
const tenant = { name: 'team', owner: 'team@example.com', team: 'shop', purpose: 'The shop', quota };`;
