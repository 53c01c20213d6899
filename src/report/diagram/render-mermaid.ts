import type { Area, Box, DiagramData, Link } from './diagram-data';
import { podsText } from './texts';

/**
 * A flowchart for Mermaid, as GitHub, GitLab and many wikis draw it.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function renderMermaid({ clusters }: DiagramData): string {
  const ids = new Map(
    clusters.flatMap(({ areas }) => areas.flatMap(({ boxes }) => boxes)).map(({ id }, index) => [id, `b${index}`]),
  );
  const idOf = (id: string): string => ids.get(id) ?? '';
  const lines = clusters.flatMap(({ name, areas, links }, index) => {
    const inner = areas.flatMap((area, at) => renderArea(area, `n${index}x${at}`, idOf));
    const all = clusters.length > 1 ? group(`c${index}`, `cluster ${name}`, inner) : inner;
    return [...all, ...links.map((link) => renderLink(link, idOf))];
  });
  return ['flowchart LR', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function renderArea({ namespace, boxes }: Area, id: string, idOf: (id: string) => string): string[] {
  const lines = boxes.map((box) => renderBox(box, idOf(box.id)));
  return namespace === undefined ? lines : group(id, `namespace ${namespace}`, lines);
}

function group(id: string, title: string, lines: readonly string[]): string[] {
  return [`subgraph ${id}["${quoted(title)}"]`, ...lines.map((line) => `  ${line}`), 'end'];
}

/** A cylinder keeps data, a rounded box is outside of the app. */
function renderBox({ kind, name, type, data, size, tier }: Box, id: string): string {
  const what = size ? `${type}, ${podsText(size.pods)}` : type;
  const text = [name, what, ...(tier === undefined ? [] : [`tier ${tier}`]), ...data].map(quoted).join('<br>');
  if (data.length > 0) return `${id}[("${text}")]`;
  return kind === 'host' || kind === 'peer' ? `${id}(["${text}"])` : `${id}["${text}"]`;
}

function renderLink({ from, to, ports, fromOutside }: Link, idOf: (id: string) => string): string {
  return `${idOf(from)} ${fromOutside ? '==>' : '-->'}|"${quoted(ports)}"| ${idOf(to)}`;
}

/** Mermaid reads entities with `#`, and has no other way to write these characters. */
function quoted(text: string): string {
  return text.replace(/["#<>&`]/g, (character) => `#${character.charCodeAt(0)};`);
}
