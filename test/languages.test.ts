import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { programOf, ROOT } from './compiler';
import { goldenLines } from './golden-messages';
import { CATALOGUE } from '../src/catalogue/catalogue';

// What jsii makes of the sources. Its compiler refuses the rest; `.ci/languages` builds and runs the packages.

const INDEX = join(ROOT, 'src/index.ts');
const program = programOf(new Map([[INDEX, readFileSync(INDEX, 'utf8')]]));
const checker = program.getTypeChecker();
const exported = checker
  .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(INDEX)!)!)
  .map((symbol) => ({
    name: symbol.name,
    type: checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol)),
  }));

/** A class with all that it extends, as far as it is of this library. */
function lineOf(type: ts.Type): ts.Type[] {
  const ours = type.symbol?.valueDeclaration?.getSourceFile().fileName.startsWith(join(ROOT, 'src'));
  if (!ours || !type.isClass()) return [];
  return [type, ...checker.getBaseTypes(type).flatMap((base) => lineOf(targetOf(base)))];
}

function targetOf(type: ts.Type): ts.Type {
  return (type as Partial<ts.TypeReference>).target ?? type;
}

function isHidden(declaration: ts.Declaration): boolean {
  const modifiers = ts.canHaveModifiers(declaration) ? (ts.getModifiers(declaration) ?? []) : [];
  return modifiers.some(({ kind }) => [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword].includes(kind));
}

/** Members that others see: jsii leaves out what is private, protected or internal. */
function publicMembers(type: ts.Type): ts.Symbol[] {
  return type.getProperties().filter((member) => {
    const declaration = member.valueDeclaration;
    return (
      declaration !== undefined &&
      declaration.getSourceFile().fileName.startsWith(join(ROOT, 'src')) &&
      !isHidden(declaration) &&
      !member.name.startsWith('_') &&
      !ts.isPrivateIdentifier((declaration as ts.NamedDeclaration).name ?? declaration)
    );
  });
}

/** The types in what is written of a member: of parameters, of results, of properties. */
function writtenTypes(member: ts.Symbol): ts.TypeNode[] {
  const { valueDeclaration: declaration } = member;
  if (declaration === undefined) return [];
  if (ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration)) {
    return [declaration.type, ...declaration.parameters.map(({ type }) => type)].filter((node) => node !== undefined);
  }
  const { type } = declaration as ts.PropertyDeclaration;
  return type === undefined ? [] : [type];
}

const FOREIGN = /^(Map|Set|WeakMap|Iterable|Iterator|Generator|RegExp|Promise|Partial|Pick|Omit|Readonly(Map|Set)?)$/;

/** What a package for another language has no type for. */
function isForeign(node: ts.TypeNode): boolean {
  const itself =
    ts.isFunctionTypeNode(node) ||
    ts.isTupleTypeNode(node) ||
    ts.isMappedTypeNode(node) ||
    ts.isConditionalTypeNode(node) ||
    ts.isIntersectionTypeNode(node) ||
    [ts.SyntaxKind.BigIntKeyword, ts.SyntaxKind.SymbolKeyword].includes(node.kind) ||
    (ts.isTypeReferenceNode(node) && FOREIGN.test(node.typeName.getText()));
  return itself || ts.forEachChild(node, (child) => (ts.isTypeNode(child) && isForeign(child)) || undefined) === true;
}

test('the package is made for Python, Go, Java and .NET', () => {
  const { jsii } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(jsii.targets).toEqual({
    python: { distName: 'cdk8s-best-practices', module: 'cdk8s_best_practices' },
    go: { moduleName: 'github.com/cdk8s-best-practices/cdk8s-best-practices-go', packageName: 'cdk8sbestpractices' },
    java: {
      package: 'dev.cdk8s.bestpractices',
      maven: { groupId: 'dev.cdk8s-best-practices', artifactId: 'cdk8s-best-practices' },
    },
    dotnet: { namespace: 'Cdk8sBestPractices', packageId: 'Cdk8sBestPractices' },
  });
});

test('no release publishes them, until that is decided', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8');
  expect(workflow).not.toMatch(/publib-(pypi|maven|golang|nuget)/);
});

test('no class extends one with type parameters, of which jsii drops the members', () => {
  const generic = exported.flatMap(({ name, type }) =>
    lineOf(type)
      .filter((each) => (each as ts.InterfaceType).typeParameters !== undefined)
      .map((each) => `${name} extends ${each.symbol.name}`),
  );
  expect(exported.length).toBeGreaterThan(100);
  expect(generic).toEqual([]);
});

test('no public signature has a type that only TypeScript has', () => {
  const members = exported.flatMap(({ name, type }) => publicMembers(type).map((member) => ({ name, member })));
  const foreign = members
    .filter(({ member }) => writtenTypes(member).some(isForeign))
    .map(({ name, member }) => `${name}.${member.name}`);
  expect(members.length).toBeGreaterThan(500);
  expect(foreign).toEqual([]);
});

/** Object literals, constructors, and words of the language itself. */
const TYPESCRIPT =
  /\{ ?\w+( \}|[:,])|\{ \.\.\.|\bnew [A-Z]|=>|\bundefined\b|\binterface\b|object literal|\bas const\b|JSON\.|\bnull\b/;

test('no message says what is expected, and what to write, in the syntax of TypeScript', () => {
  // what was given is quoted as it was given
  const said = goldenLines().map((line) => line.replace(/^(.*?): got .*?, expected /, '$1: expected '));
  expect(said.filter((line) => TYPESCRIPT.test(line))).toEqual([]);
  const entries = Object.entries(CATALOGUE).filter(([, { title, fix }]) => TYPESCRIPT.test(`${title} ${fix}`));
  expect(entries.map(([id]) => id)).toEqual([]);
});
