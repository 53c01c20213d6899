import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Writes the API reference from the jsii assembly: a page for each type, and an index. The pages are not committed.
 */

interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
  readonly returns?: string;
  readonly see?: string;
}

interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: TypeReference };
  readonly union?: { readonly types: readonly TypeReference[] };
}

interface Member {
  readonly name: string;
  readonly docs?: Docs;
  readonly type: TypeReference;
  readonly optional?: boolean;
  readonly static?: boolean;
}

interface Method extends Omit<Member, 'type'> {
  readonly parameters?: readonly Member[];
  readonly returns?: { readonly type: TypeReference; readonly optional?: boolean };
}

interface Type {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly docs?: Docs;
  readonly interfaces?: readonly string[];
  readonly initializer?: { readonly parameters?: readonly Member[] };
  readonly methods?: readonly Method[];
  readonly properties?: readonly Member[];
  readonly members?: ReadonlyArray<{ readonly name: string; readonly docs?: Docs }>;
}

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'docs', 'api');

/** The pages by file name. */
export function apiPages(assembly: {
  readonly name: string;
  readonly types: Readonly<Record<string, Type>>;
}): Map<string, string> {
  const types = Object.values(assembly.types).sort((a, b) => (a.name < b.name ? -1 : 1));
  const link = (fqn: string): string => {
    const known = assembly.types[fqn];
    return known ? `[${known.name}](${known.name}.md)` : `\`${fqn}\``;
  };

  const typeText = ({ primitive, fqn, collection, union }: TypeReference): string => {
    if (fqn !== undefined) return link(fqn);
    if (union) return union.types.map(typeText).join(' or ');
    if (!collection) return `\`${primitive ?? 'any'}\``;
    return `${collection.kind === 'array' ? 'list' : 'map'} of ${typeText(collection.elementtype)}`;
  };

  const member = ({ name, docs, type, optional }: Member): string =>
    [`### \`${name}${optional ? '?' : ''}\``, typeText(type), textOf(docs)].filter((line) => line !== '').join('\n\n');

  const parameterLine = ({ name, docs, type, optional }: Member): string => {
    const meaning = [docs?.summary, docs?.remarks].filter(Boolean).join(' ').replaceAll('\n', ' ');
    return `* \`${name}\`${optional ? ', optional' : ''}, ${typeText(type)}${meaning === '' ? '' : `: ${meaning}`}`;
  };
  const parameterList = (parameters: readonly Member[] = []): string => parameters.map(parameterLine).join('\n');

  const method = ({ name, docs, parameters = [], returns }: Method): string =>
    [
      `### \`${name}(${parameters.map((parameter) => parameter.name).join(', ')})\``,
      textOf(docs),
      parameterList(parameters),
      returns
        ? `Returns ${typeText(returns.type)}${returns.optional ? ', or nothing' : ''}` +
          (docs?.returns === undefined ? '' : `: ${docs.returns}`)
        : '',
    ]
      .filter((line) => line !== '')
      .join('\n\n');

  const section = (title: string, entries: readonly string[]): string[] =>
    entries.length === 0 ? [] : [`## ${title}`, ...entries];

  /** Its own properties and those of its base structs. */
  const propertiesOf = (type: Type): Member[] =>
    [
      ...(type.properties ?? []),
      ...(type.datatype ? (type.interfaces ?? []) : []).flatMap((fqn) =>
        assembly.types[fqn] ? propertiesOf(assembly.types[fqn]) : [],
      ),
    ].sort((a, b) => Number(a.optional ?? false) - Number(b.optional ?? false) || (a.name < b.name ? -1 : 1));

  const page = (type: Type): string => {
    const { example, text } = withoutExample(type.docs?.remarks ?? '');
    const { methods = [], members = [], initializer } = type;
    const [ofClass, ofObject] = [methods.filter((each) => each.static), methods.filter((each) => !each.static)];
    return `${[
      `# ${type.name}`,
      type.docs?.summary ?? '',
      example,
      text,
      type.docs?.see === undefined ? '' : `See ${type.docs.see}`,
      ...section(
        `new ${type.name}(${(initializer?.parameters ?? []).map(({ name }) => name).join(', ')})`,
        initializer ? [parameterList(initializer.parameters)] : [],
      ),
      ...section('Static methods', ofClass.map(method)),
      ...section(type.datatype ? 'Props' : 'Properties', propertiesOf(type).map(member)),
      ...section('Methods', ofObject.map(method)),
      ...section(
        'Values',
        members.map(({ name, docs }) => `### \`${name}\`\n\n${textOf(docs)}`),
      ),
    ]
      .filter((part) => part !== '')
      .join('\n\n')}\n`;
  };

  const kinds: ReadonlyArray<readonly [string, (type: Type) => boolean]> = [
    ['Classes', ({ kind }) => kind === 'class'],
    ['Interfaces', ({ kind, datatype }) => kind === 'interface' && !datatype],
    ['Structs', ({ datatype }) => datatype === true],
    ['Enums', ({ kind }) => kind === 'enum'],
  ];
  const index = kinds.flatMap(([title, belongs]) =>
    section(title, [
      types
        .filter(belongs)
        .map(({ name, docs }) => `* [${name}](${name}.md): ${(docs?.summary ?? '').replaceAll('\n', ' ')}`)
        .join('\n'),
    ]),
  );
  return new Map([
    ['README.md', `# API of ${assembly.name}\n\n${index.join('\n\n')}\n`],
    ...types.map((type) => [`${type.name}.md`, page(type)] as const),
  ]);
}

function textOf(docs: Docs = {}): string {
  const fallback = docs.default === undefined ? '' : `Default: ${docs.default.replace(/^- /, '')}`;
  return [docs.summary, docs.remarks, fallback, docs.see === undefined ? '' : `See ${docs.see}`]
    .filter(Boolean)
    .join('\n\n');
}

/** Moves the first code block before the text. */
function withoutExample(remarks: string): { example: string; text: string } {
  const example = /```ts\n[\s\S]*?\n```/.exec(remarks)?.[0] ?? '';
  return { example, text: remarks.replace(example, '').trim() };
}

if (require.main === module) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const pages = apiPages(JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Parameters<typeof apiPages>[0]);
  for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text);
  console.log(`${pages.size} pages in docs/api`);
}
