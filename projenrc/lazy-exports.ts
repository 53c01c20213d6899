import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Rewrites the compiled index to load a class on first use: an app uses few of them, and loading all takes longer than
 * its synthesis. The exports stay enumerable, and the types do not change.
 */
const INDEX = join(__dirname, '..', 'lib', 'index.js');

const compiled = readFileSync(INDEX, 'utf8');
const files = new Map(
  [...compiled.matchAll(/^var (\w+) = require\("(\.[^"]+)"\);$/gm)].map(([, variable, file]) => [variable, file]),
);
const classes = [...compiled.matchAll(/^Object\.defineProperty\(exports, "(\w+)", .* return (\w+)\.\1; } }\);$/gm)];
const names = classes.map(([, name]) => name);
const effects = [...compiled.matchAll(/^require\("\.[^"]+"\);$/gm)].map(([statement]) => statement);
if (names.length === 0 || classes.some(([, , variable]) => !files.has(variable))) {
  throw new Error(`${INDEX} is not as tsc used to write it`);
}

const lazily = (name: string, file: string | undefined): string =>
  `lazy("${name}", function () { return require("${file}"); });`;

writeFileSync(
  INDEX,
  `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
${effects.join('\n')}
function lazy(name, load) {
  Object.defineProperty(exports, name, { enumerable: true, get: function () { return load()[name]; } });
}
${classes.map(([, name, variable]) => lazily(name, files.get(variable))).join('\n')}
// never executed: Node.js scans the text for the names that an ES module can import
0 && (module.exports = { ${names.join(', ')} });
`,
);
