type Attributes = Readonly<Record<string, string | number>>;

/** An element of HTML or SVG. Children are markup, attributes are text. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const stated = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${stated.join('')}>${children.join('')}</${name}>`;
}

/** As HTML and SVG text. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
