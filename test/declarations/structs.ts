import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { programOf, ROOT } from '../compiler';

/** A prop of a struct, as its doc comment has it. */
export interface Documented {
  readonly struct: string;
  readonly prop: string;
  readonly optional: boolean;
  /** All of the comment but its tags, on one line. */
  readonly text: string;
  /** The same of the interface that declares it. */
  readonly structText: string;
  readonly byDefault?: string;
  /** The interface that declares it: the struct, or one that it extends. */
  readonly declaredIn: string;
}

function is({ flags }: { readonly flags: number }, flag: number): boolean {
  // eslint-disable-next-line no-bitwise
  return (flags & flag) !== 0;
}

const INDEX = join(ROOT, 'src/index.ts');
const program = programOf(new Map([[INDEX, ts.sys.readFile(INDEX)!]]));
const checker = program.getTypeChecker();
const sources = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(join(ROOT, 'src/')));
const exported = checker
  .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(INDEX)!)!)
  .map((symbol) => (is(symbol, ts.SymbolFlags.Alias) ? checker.getAliasedSymbol(symbol) : symbol));

/** The interfaces of props that are exported: those that `jsii` calls structs. */
const structs = new Map(
  exported
    .filter((symbol) => is(symbol, ts.SymbolFlags.Interface) && !/^I[A-Z][a-z]/.test(symbol.name))
    .map((symbol) => [symbol.name, checker.getDeclaredTypeOfSymbol(symbol)]),
);
const classes = new Map(
  exported.filter((symbol) => is(symbol, ts.SymbolFlags.Class)).map((symbol) => [symbol.name, symbol]),
);

/** Props that are used by their name, as `interface.prop`. */
export const used = new Set<string>();

/** The props of each type that a `Reader` is made for, by the line of `new Reader`. */
const readers = new Map<string, ts.Type>();
for (const source of sources) {
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Reader') {
      const [type] = checker.getTypeArguments(checker.getTypeAtLocation(node) as ts.TypeReference);
      readers.set(
        `${relative(ROOT, source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`,
        type,
      );
    }
    if (ts.isPropertyAccessExpression(node)) use(checker.getSymbolAtLocation(node.name));
    if (ts.isObjectBindingPattern(node)) {
      const type = checker.getTypeAtLocation(node);
      for (const { propertyName, name } of node.elements) use(type.getProperty((propertyName ?? name).getText()));
    }
    node.forEachChild(visit);
  };
  visit(source);
}

function use(symbol: ts.Symbol | undefined): void {
  for (const { parent } of symbol?.getDeclarations() ?? []) {
    if (ts.isInterfaceDeclaration(parent)) used.add(`${parent.name.text}.${symbol!.name}`);
  }
}

/** The type of the props of a block: the third parameter of its constructor. */
function propsOfBlock(block: string): ts.Type | undefined {
  const symbol = classes.get(block);
  const [signature] = symbol ? checker.getTypeOfSymbol(symbol).getConstructSignatures() : [];
  const parameter = signature?.getParameters()[2];
  return parameter && checker.getNonNullableType(checker.getTypeOfSymbol(parameter));
}

/**
 * What a reader reads, by the line that makes it and the class of the block: the props of the block itself, where those
 * of its base class are read.
 */
export function propsAt(line: string, block: string, own: boolean): readonly Documented[] {
  const key = `${line} ${own ? block : ''}`;
  const types = [readers.get(line), own ? propsOfBlock(block) : undefined];
  const known = propsByLine.get(key) ?? types.flatMap((type) => (type ? propsOf(type) : []));
  propsByLine.set(key, known);
  return known;
}
const propsByLine = new Map<string, Documented[]>();

/** The names of the props of a block, those of its base structs included. */
export function propsGivenTo(block: string): string[] {
  return (
    propsOfBlock(block)
      ?.getProperties()
      .map(({ name }) => name) ?? []
  );
}

/** The names of the props of an exported struct. */
export function propsOfStruct(name: string): string[] {
  return (
    structs
      .get(name)
      ?.getProperties()
      .map((prop) => prop.name) ?? []
  );
}

/** Whether a line makes a reader. */
export function makesReader(line: string): boolean {
  return readers.has(line);
}

function propsOf(type: ts.Type): Documented[] {
  const parts = type.isIntersection() ? type.types : [type];
  return parts.flatMap((part) =>
    part.getProperties().flatMap((symbol): Documented[] => {
      const [declaration] = symbol.getDeclarations() ?? [];
      if (declaration === undefined || !ts.isInterfaceDeclaration(declaration.parent)) return [];
      return [
        {
          struct: part.symbol.name,
          prop: symbol.name,
          optional: is(symbol, ts.SymbolFlags.Optional),
          text: textOf(symbol),
          structText: textOf(checker.getSymbolAtLocation(declaration.parent.name)!),
          byDefault: symbol
            .getJsDocTags()
            .filter(({ name }) => name === 'default')
            .map(({ text }) => ts.displayPartsToString(text).replace(/\s+/g, ' '))[0],
          declaredIn: declaration.parent.name.text,
        },
      ];
    }),
  );
}

function textOf(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ');
}

/** Structs that callers give: parameters of constructors and methods, and what is in their props. */
export function givenStructs(): Map<string, Documented[]> {
  const found = new Map<string, Documented[]>();
  const visit = (type: ts.Type): void => {
    if (type.isUnionOrIntersection()) return type.types.forEach(visit);
    if (!is(type, ts.TypeFlags.Object)) return;
    const item =
      checker.getIndexTypeOfType(type, ts.IndexKind.Number) ?? checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (item) return visit(item);
    const name = type.symbol?.name;
    if (name === undefined || found.has(name) || structs.get(name) !== type) return;
    found.set(name, propsOf(type));
    type.getProperties().forEach((symbol) => visit(checker.getTypeOfSymbol(symbol)));
  };
  for (const symbol of classes.values()) {
    const ways = [checker.getTypeOfSymbol(symbol), checker.getDeclaredTypeOfSymbol(symbol)];
    const signatures = ways.flatMap((type) => [
      ...type.getConstructSignatures(),
      ...type
        .getProperties()
        .filter(({ name }) => !name.startsWith('_'))
        .flatMap((member) => checker.getTypeOfSymbol(member).getCallSignatures()),
    ]);
    for (const parameter of signatures.flatMap((signature) => signature.getParameters())) {
      visit(checker.getTypeOfSymbol(parameter));
    }
  }
  return found;
}
