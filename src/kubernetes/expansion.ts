/** A variable with a literal value, or with one that is not known here. */
interface Variable {
  readonly name: string;
  readonly value?: string;
}

/** What defines several variables; of these names, where they are known. */
interface VariableSource {
  readonly names?: readonly string[];
}

/**
 * The variables that a text refers to as `$(NAME)`. `$$(NAME)` is the escaped form.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
function variablesIn(text: string): string[] {
  if (!text.includes('$(')) return [];
  return [...text.matchAll(/(\$*)\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)/g)]
    .filter(([, dollars]) => dollars.length % 2 === 0)
    .map(([, , name]) => name);
}

const API_PORT = 'KUBERNETES_PORT_443_TCP';

/**
 * The variables of the Service `kubernetes`, which every container has before its own, without service links too.
 *
 * @see https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
 */
const GIVEN = new Set([
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  'KUBERNETES_SERVICE_PORT_HTTPS',
  'KUBERNETES_PORT',
  API_PORT,
  `${API_PORT}_PROTO`,
  `${API_PORT}_PORT`,
  `${API_PORT}_ADDR`,
]);

/** The variables that words refer to and nobody declares; none where a source has unknown variables. */
export function undeclared(
  words: readonly string[],
  env: readonly Variable[],
  envFrom: readonly VariableSource[],
  added: readonly string[] = [],
): string[] {
  if (words.length === 0) return [];
  const used = words.flatMap(variablesIn);
  if (used.length === 0 || envFrom.some(({ names }) => names === undefined)) return [];
  const declared = new Set([...added, ...env.map(({ name }) => name), ...envFrom.flatMap(({ names }) => names ?? [])]);
  return used.filter((name) => !declared.has(name) && !GIVEN.has(name));
}

/** Whether a variable may be there before those of `env`. */
function mayComeFrom(envFrom: readonly VariableSource[], name: string): boolean {
  return GIVEN.has(name) || envFrom.some(({ names }) => names === undefined || names.includes(name));
}

/**
 * The variables in an order in which each comes after those that it refers to, as Kubernetes expands them; otherwise as
 * they were declared. `circles` have the names of those that refer to each other.
 */
export function inOrder<V extends Variable>(
  env: readonly V[],
  envFrom: readonly VariableSource[],
): { readonly ordered: readonly V[]; readonly circles: ReadonlyArray<readonly string[]> } {
  if (!env.some(({ value = '' }) => value.includes('$('))) return { ordered: env, circles: [] };
  const byName = new Map(env.map((variable) => [variable.name, variable]));
  const ordered = new Set<V>();
  const circles: string[][] = [];
  const visit = (variable: V, path: readonly string[]): void => {
    const { name, value = '' } = variable;
    if (ordered.has(variable)) return;
    if (path.includes(name)) {
      circles.push([...path.slice(path.indexOf(name)), name]);
      return;
    }
    for (const used of variablesIn(value)) {
      const other = byName.get(used);
      // a variable may extend the one of its name that Kubernetes, a ConfigMap or a Secret gives
      if (other && !(used === name && mayComeFrom(envFrom, name))) visit(other, [...path, name]);
    }
    ordered.add(variable);
  };
  for (const variable of env) visit(variable, []);
  return { ordered: [...ordered], circles };
}
