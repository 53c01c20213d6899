import { Yaml } from 'cdk8s';
import { jsonOf, type RenderedDocument } from './rendered-document';
import { SettledMap } from './settled-map';
import { isUnreadable, isWellFormed, quotedForYaml } from '../kernel/schema/carried-text';

/** Text that needs no quotes: a subset of YAML's plain scalars, with unambiguous characters only. */
const PLAIN = /^[A-Za-z/_](?:[\w./@=+,;()<>$~^-]|:(?=[\w/])| (?=[\w/(<$~^=+;,.-]))*$/;

/** Exceptions, which YAML 1.1 reads as a boolean, null, or a number such as `e3`. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i;

/** Text with a leading digit that needs no quotes: versions, addresses with or without a mask, quantities. */
const PLAIN_AMOUNT = /^\d+(?:(?:\.\d+){2,}(?:\/\d+)?|m|k|[KMGTP]i?)$/;

/** A number if unquoted. */
const DIGITS = /^\d+$/;

/** Lines that a block scalar keeps unchanged: visible at both ends, with at most one final line break. */
const LINES = /^[!-~][\n\t -~]*[!-~]\n?$/;

/** One line of visible characters and spaces. */
const LINE = /^[ -~]+$/;

/** Characters that no unquoted text starts with. */
const INDICATOR = /^[,[\]{}#&*!|>%@`"']/;

/** A key whose form depends on its position. */
const DOCUMENT_MARKER = /^(?:%|---|\.\.\.)/m;

/** Longer text is likely to be unique, so its form is not cached. */
const LONGEST_KEPT = 64;

/**
 * Writes documents with the same bytes as `Yaml.stringify` of cdk8s, several times faster.
 *
 * It writes unambiguous content itself. For other text, it asks the YAML package of cdk8s and caches the answer. The
 * package writes the whole document if that has anything but maps, arrays, text and common numbers, or an object twice.
 *
 * Text that the reader of Kubernetes refuses or changes, such as U+FEFF, it writes with escapes: the package does not.
 */
export class YamlWriter {
  private readonly knownValues = new Map<string, string>();
  private readonly top = new Level('');

  /** The documents, separated by `---`. */
  public write(documents: Iterable<RenderedDocument>): string {
    return Array.from(documents, (document) => this.document(document)).join('---\n');
  }

  private document(document: RenderedDocument): string {
    const { content, isTree } = document;
    try {
      const text =
        isTree && (content instanceof SettledMap || isMap(content)) ? this.lines(content, this.top, true) : '';
      if (text !== '') return `${text}\n`;
    } catch (error) {
      if (error instanceof Unwritable) throw unwritable(document);
      if (!(error instanceof Unsure)) throw error;
    }
    const text = Yaml.stringify(jsonOf(document));
    if (isUnreadable(text)) throw unwritable(document);
    return text;
  }

  /** The first line starts at the current position if `inline`, else at a new line. Empty for an empty map. */
  private map(keys: readonly string[], values: readonly unknown[], level: Level, inline: boolean): string {
    let text = '';
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index];
      const start = level.starts.get(key) ?? this.start(key, level);
      const value = values[index];
      let form: string;
      if (typeof value !== 'object' || value === null) {
        form = `${start.ofScalar}${this.scalar(value, level.inner.indent)}`;
      } else {
        const lines = this.lines(value, level.inner, false);
        form = lines === '' ? `${start.ofScalar}${emptyForm(value)}` : `${start.ofLines}${lines}`;
      }
      text = index === 0 && inline ? form.slice(level.newLine.length) : text + form;
    }
    return text;
  }

  /** Like `map`. */
  private list(items: readonly unknown[], level: Level, inline: boolean): string {
    let text = '';
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      text += index === 0 && inline ? '- ' : level.item;
      text +=
        typeof item !== 'object' || item === null
          ? this.scalar(item, level.inner.indent)
          : this.lines(item, level.inner, true) || emptyForm(item);
    }
    return text;
  }

  private lines(value: object, level: Level, inline: boolean): string {
    if (value instanceof SettledMap) return this.map(value.keys, value.values, level, inline);
    if (Array.isArray(value)) return this.list(value, level, inline);
    if (isMap(value)) return this.map(Object.keys(value), Object.values(value), level, inline);
    throw new Unsure();
  }

  private scalar(value: unknown, indent: string): string {
    switch (typeof value) {
      case 'string':
        return this.text(value, indent);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'number':
        if (Number.isFinite(value) && !Object.is(value, -0)) return `${value}`;
        throw new Unsure();
      case 'undefined':
      case 'object':
        return 'null';
      default:
        throw new Unsure();
    }
  }

  private text(text: string, indent: string): string {
    if (PLAIN.test(text) && !RESERVED.test(text)) return text;
    if (PLAIN_AMOUNT.test(text)) return text;
    if (DIGITS.test(text)) return `"${text}"`;
    if (text.includes('\n') && LINES.test(text)) {
      const [mark, lines] = text.endsWith('\n') ? ['|', text.slice(0, -1)] : ['|-', text];
      return `${mark}\n${indent}${lines.replace(/\n+/g, `$&${indent}`)}`;
    }
    if (needsQuotes(text)) return quoted(text);
    if (isUnreadable(text)) return escaped(text);
    return this.askForValue(text).replaceAll('\n  ', `\n${indent}`);
  }

  private start(key: string, level: Level): Start {
    const ofLines = `${level.newLine}${this.key(key)}:`;
    const start = { ofLines, ofScalar: `${ofLines} ` };
    level.starts.set(key, start);
    return start;
  }

  private key(key: string): string {
    if (isUnreadable(key)) return escaped(key);
    if (key.length > LONGEST_KEPT || DOCUMENT_MARKER.test(key)) throw new Unsure();
    return PLAIN.test(key) && !RESERVED.test(key) ? key : askForKey(key);
  }

  private askForValue(text: string): string {
    let form = this.knownValues.get(text);
    if (form === undefined) {
      form = askForValue(text);
      if (text.length <= LONGEST_KEPT) this.knownValues.set(text, form);
    }
    return form;
  }
}

/** How a line with a key begins, with the line break before it. */
interface Start {
  readonly ofLines: string;
  readonly ofScalar: string;
}

/** A depth of indentation, with the texts that its lines have in common. */
class Level {
  public readonly newLine: string;
  public readonly item: string;
  public readonly starts = new Map<string, Start>();
  private next?: Level = undefined;

  public constructor(public readonly indent: string) {
    this.newLine = `\n${indent}`;
    this.item = `\n${indent}- `;
  }

  public get inner(): Level {
    return (this.next ??= new Level(`${this.indent}  `));
  }
}

/** Signals content that only the package can write. */
class Unsure extends Error {}

/** The document has halves of surrogate pairs, which no YAML has. */
class Unwritable extends Error {}

function unwritable(document: RenderedDocument): Error {
  const { kind, metadata } = jsonOf(document) as { kind?: string; metadata?: { name?: string } };
  return new Error(
    `${kind} '${metadata?.name}': expected text that YAML carries, got a control character, a byte order mark, a ` +
      'Unicode line end or an unpaired surrogate. Put the bytes into binaryData, as base64',
  );
}

function escaped(text: string): string {
  if (!isWellFormed(text)) throw new Unwritable();
  return quotedForYaml(text);
}

/** The package's form of a value in a map; further lines are indented by two spaces. */
function askForValue(text: string): string {
  return Yaml.stringify({ k: text }).slice('k: '.length, -'\n'.length);
}

function needsQuotes(text: string): boolean {
  return (INDICATOR.test(text) || text.includes(': ') || text.includes(' #')) && LINE.test(text);
}

/** The quotes that keep the line unchanged, if any. */
function quoted(line: string): string {
  return line.includes('"') && !line.includes("'") ? `'${line}'` : JSON.stringify(line);
}

function askForKey(text: string): string {
  return Yaml.stringify({ k: { [text]: 0 } }).slice('k:\n  '.length, -': 0\n'.length);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return (value as object | null | undefined)?.constructor === Object;
}

function emptyForm(value: object): string {
  return Array.isArray(value) ? '[]' : '{}';
}
