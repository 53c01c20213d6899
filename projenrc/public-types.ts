import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/*
 * Deletes the declarations that no public type needs. No user can import them: package.json exports the index only.
 */
const LIB = join(__dirname, '..', 'lib');

const needed = new Set<string>();
function need(file: string): void {
  if (needed.has(file)) return;
  needed.add(file);
  for (const [, other] of readFileSync(file, 'utf8').matchAll(/(?:from|import|module|import\() ?'(\.[^']+)'/g)) {
    const declarations = `${join(dirname(file), other)}.d.ts`;
    if (existsSync(declarations)) need(declarations);
  }
}
need(join(LIB, 'index.d.ts'));

for (const file of readdirSync(LIB, { recursive: true, encoding: 'utf8' }).map((name) => join(LIB, name))) {
  if (file.endsWith('.d.ts') && !needed.has(file)) rmSync(file);
}
