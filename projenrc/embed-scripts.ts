import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/*
 * Writes the text of each `src/**\/*.sh` into `embedded.ts` beside it: the library is bundled by some of its users, so that
 * files beside the compiled code could be missing. Directives of shellcheck stay out.
 */
const SOURCES = join(__dirname, '..', 'src');

const scripts = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sh')).sort();
for (const folder of new Set(scripts.map(dirname))) {
  const constants = scripts.filter((file) => dirname(file) === folder).map((file) => {
    const text = readFileSync(join(SOURCES, file), 'utf8').replace(/^ *# shellcheck .*\n/gm, '');
    const name = basename(file, '.sh').replaceAll('-', '_').toUpperCase();
    const lines = text.split(/(?<=\n)/).map((line) => `  ${literal(line)},\n`);
    return `/** Text of \`${basename(file)}\`. */\nexport const ${name} = [\n${lines.join('')}].join('');\n`;
  });
  writeFileSync(join(SOURCES, folder, 'embedded.ts'), `// Written by projenrc/embed-scripts.ts from the scripts beside it.\n\n${constants.join('\n')}`);
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
