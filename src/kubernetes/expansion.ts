/** A variable with a literal value, or with an unknown one. */
interface Variable {
  readonly name: string;
  readonly value?: string;
}

/** A source of several variables, with their names if known. */
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
 * The variables of the Service `kubernetes`, which every container gets first, even without service links.
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

/** The undeclared variables that words refer to; none if a source has unknown variables. */
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

/** Whether a variable may exist before those of `env`. */
function mayComeFrom(envFrom: readonly VariableSource[], name: string): boolean {
  return GIVEN.has(name) || envFrom.some(({ names }) => names === undefined || names.includes(name));
}

/**
 * Orders variables so that each follows those that it refers to, as Kubernetes expands them. Others keep their order of
 * declaration. `circles` lists variables that refer to each other.
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
      // a variable may extend the variable of the same name that Kubernetes, a ConfigMap or a Secret provides
      if (other && !(used === name && mayComeFrom(envFrom, name))) visit(other, [...path, name]);
    }
    ordered.add(variable);
  };
  for (const variable of env) visit(variable, []);
  return { ordered: [...ordered], circles };
}
