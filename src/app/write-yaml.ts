import { Yaml } from 'cdk8s';
import type { RenderedDocument } from './rendered-document';

/** Text that needs no quotes: a part of what YAML allows, of characters without a second meaning where they stand. */
const PLAIN = /^[A-Za-z/_](?:[\w./@=+,;()<>$~^-]|:(?=[\w/])| (?=[\w/(<$~^=+;,.-]))*$/;

/** Of that, what a reader of YAML 1.1 takes for a boolean, null, or a number such as `e3`. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i;

/** Read as a number without quotes. */
const DIGITS = /^\d+$/;

/** Lines that a block carries as they are: visible at the start and at the end, and with at most one line end there. */
const LINES = /^[!-~][\n\t -~]*[!-~]\n?$/;

/** As a key of the document itself, such text is quoted; elsewhere it is not. */
const DOCUMENT_MARKER = /^(?:%|---|\.\.\.)/m;

/** Longer text is likely to be the only one of its kind: its form is not kept. */
const LONGEST_KEPT = 64;

/**
 * Writes documents with the bytes of `Yaml.stringify` of cdk8s, several times faster.
 *
 * It writes itself what is simple beyond doubt. Text that it is not sure of, it shows to the package that cdk8s uses,
 * and keeps the answer. A document with anything but maps, arrays, text and common numbers, or with an object twice, is left to that
 * package.
 */
export class YamlWriter {
  private readonly knownValues = new Map<string, string>();
  private readonly knownKeys = new Map<string, string>();

  /** The documents with `---` between them. */
  public write(documents: Iterable<RenderedDocument>): string {
    return Array.from(documents, (document) => this.document(document)).join('---\n');
  }

  private document({ json, isTree }: RenderedDocument): string {
    if (!isTree || !isMap(json) || isEmpty(json)) return Yaml.stringify(json);
    try {
      return `${this.map(json, '')}\n`;
    } catch (error) {
      if (error instanceof Unsure) return Yaml.stringify(json);
      throw error;
    }
  }

  /** The first line stands where it is put, the others begin with `indent`. */
  private map(map: Record<string, unknown>, indent: string): string {
    let text = '';
    for (const key of Object.keys(map)) {
      text += `${text === '' ? '' : `\n${indent}`}${this.key(key, indent)}:${this.afterKey(map[key], `${indent}  `)}`;
    }
    return text;
  }

  private list(items: readonly unknown[], indent: string): string {
    let text = '';
    for (const item of items) {
      text += `${text === '' ? '- ' : `\n${indent}- `}${this.value(item, `${indent}  `)}`;
    }
    return text;
  }

  private afterKey(value: unknown, indent: string): string {
    const ownLine = typeof value === 'object' && value !== null && !isEmpty(value);
    return (ownLine ? `\n${indent}` : ' ') + this.value(value, indent);
  }

  private value(value: unknown, indent: string): string {
    switch (typeof value) {
      case 'string':
        return this.text(value, indent);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'number':
        if (Number.isFinite(value) && !Object.is(value, -0)) return `${value}`;
        throw new Unsure();
      case 'undefined':
        return 'null';
      case 'object':
        if (value === null) return 'null';
        if (Array.isArray(value)) return value.length === 0 ? '[]' : this.list(value, indent);
        if (isMap(value)) return isEmpty(value) ? '{}' : this.map(value, indent);
        throw new Unsure();
      default:
        throw new Unsure();
    }
  }

  private text(text: string, indent: string): string {
    if (PLAIN.test(text) && !RESERVED.test(text)) return text;
    if (DIGITS.test(text)) return `"${text}"`;
    if (text.includes('\n') && LINES.test(text)) {
      const [mark, lines] = text.endsWith('\n') ? ['|', text.slice(0, -1)] : ['|-', text];
      return `${mark}\n${indent}${lines.replace(/\n+/g, `$&${indent}`)}`;
    }
    return this.known(this.knownValues, text, askForValue).replaceAll('\n  ', `\n${indent}`);
  }

  private key(key: string, indent: string): string {
    if (key.length > LONGEST_KEPT || (indent === '' && DOCUMENT_MARKER.test(key))) throw new Unsure();
    return PLAIN.test(key) && !RESERVED.test(key) ? key : this.known(this.knownKeys, key, askForKey);
  }

  private known(answers: Map<string, string>, text: string, ask: (text: string) => string): string {
    let answer = answers.get(text);
    if (answer === undefined) {
      answer = ask(text);
      if (text.length <= LONGEST_KEPT) answers.set(text, answer);
    }
    return answer;
  }
}

/** The document has something that only the package knows how to write. */
class Unsure extends Error {}

/** How the package writes a value in a map; further lines are indented by two spaces. */
function askForValue(text: string): string {
  return Yaml.stringify({ k: text }).slice('k: '.length, -'\n'.length);
}

function askForKey(text: string): string {
  return Yaml.stringify({ k: { [text]: 0 } }).slice('k:\n  '.length, -': 0\n'.length);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return (value as object | null | undefined)?.constructor === Object;
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
