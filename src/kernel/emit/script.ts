/** Quotes any text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const PLACEHOLDER = /@([a-z][A-Za-z]*)@/g;

/**
 * Fills the placeholders of a shell script, `@name@`. Values are shell text: quote text from a caller with `shellWord`.
 *
 * @throws for a placeholder without a value, and for a value without a placeholder
 */
export function fillScript(script: string, values: Readonly<Record<string, string | number>>): string {
  const wanted = new Set([...script.matchAll(PLACEHOLDER)].map(([, name]) => name));
  const wrong = [...wanted, ...Object.keys(values)].filter((name) => !wanted.has(name) || !Object.hasOwn(values, name));
  if (wrong.length > 0) throw new Error(`placeholders of a script: ${wrong.join(', ')}: expected one value each`);
  return script.replace(PLACEHOLDER, (_, name: string) => String(values[name]));
}
