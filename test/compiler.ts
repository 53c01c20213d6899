import { resolve } from 'node:path';
import * as ts from 'typescript';

export const ROOT = resolve(__dirname, '..');

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  customConditions: ['cdk8s-best-practices-source'],
  esModuleInterop: true,
  types: ['node'],
};

/** A program of modules that are in memory, by their paths, beside those on disk. */
export function programOf(modules: ReadonlyMap<string, string>): ts.Program {
  const files = ts.createCompilerHost(OPTIONS);
  return ts.createProgram([...modules.keys()], OPTIONS, {
    ...files,
    getCurrentDirectory: () => ROOT,
    fileExists: (path) => modules.has(path) || files.fileExists(path),
    readFile: (path) => modules.get(path) ?? files.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const code = modules.get(path);
      return code === undefined
        ? files.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, code, version, true);
    },
  });
}

/** What the compiler says of one file, with the line in it. */
export function faultsIn(program: ts.Program, path: string): Array<{ line: number; text: string }> {
  const source = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ start, messageText }) => ({
      line: source?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0,
      text: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }),
  );
}
