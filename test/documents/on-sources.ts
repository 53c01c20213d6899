import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import { type Program, ROOT } from './blocks';
import { type Outcome, outcomeIn } from './outcome';
import { faultsIn, programOf as compiledProgramOf } from '../compiler';

/** Compiles all programs at once, each as a module of its own beside its document. */
export function compile(programs: readonly Program[]): string[] {
  const paths = new Map(programs.map((program, index) => [program, `${ROOT}/docs/.${index}.ts`]));
  const compiled = compiledProgramOf(new Map(programs.map((program) => [paths.get(program)!, program.text])));
  return programs.flatMap((program) =>
    faultsIn(compiled, paths.get(program)!).map(
      ({ line, text }) => `${program.block.file}:${line + 1 + program.offset}: ${text}`,
    ),
  );
}

/** Runs a program on the sources. */
export function run({ text }: Program): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  try {
    cpSync(join(ROOT, 'rosetta/config'), join(folder, 'config'), { recursive: true });
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    });
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    return outcomeIn(folder, () => void new Function('require', 'exports', outputText)(require, {}));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
