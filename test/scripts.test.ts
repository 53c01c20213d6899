import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { embeddedScripts } from '../projenrc/embed-scripts';
import { fillScript, shellWord } from '../src/kernel/emit/script';

const ROOT = resolve(__dirname, '..');
const scripts = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sh'))
  .map((file) => join('src', file))
  .sort();

describe('the shell scripts of the library', () => {
  test.each(scripts)('%s has no finding of shellcheck', (script) => {
    const { error, stdout, status } = spawnSync(
      'shellcheck',
      ['--shell=sh', '--external-sources', '--source-path=SCRIPTDIR', script],
      { cwd: ROOT, encoding: 'utf8' },
    );
    if (error !== undefined) {
      throw new Error(`shellcheck does not run: install Debian's package shellcheck (${error.message})`);
    }
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  test.each([...embeddedScripts()].map(([file, text]) => [relative(ROOT, file), text]))(
    '%s is up to date',
    (file, text) => {
      expect(existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : undefined).toBe(text);
    },
  );

  test('are embedded without a change', () => {
    for (const file of embeddedScripts().keys()) {
      const module = jest.requireActual<Record<string, string>>(file);
      const folder = resolve(file, '..');
      const texts = readdirSync(folder)
        .filter((name) => name.endsWith('.sh'))
        .sort()
        .map((name) => readFileSync(join(folder, name), 'utf8'));
      expect(Object.values(module)).toEqual(texts);
    }
  });
});

describe('the placeholders of a script', () => {
  test('are filled in as they are, each where it stands', () => {
    expect(fillScript('a=@first@ b=@first@-@second@ "$@" x@y', { first: shellWord("it's $1 $&"), second: 2 })).toBe(
      String.raw`a='it'\''s $1 $&' b='it'\''s $1 $&'-2 "$@" x@y`,
    );
  });

  test.each([
    ['a placeholder without a value', 'echo @first@ @second@', { first: 1 }, 'second'],
    ['a value without a placeholder', 'echo @first@', { first: 1, second: 2 }, 'second'],
    ['what all objects have', 'echo @constructor@', {}, 'constructor'],
  ])('are an error: %s', (_, script, values, name) => {
    expect(() => fillScript(script, values)).toThrow(`placeholders of a script: ${name}: expected one value each`);
  });
});
