import { execFileSync } from 'node:child_process';
import { dirname, relative, resolve } from 'node:path';
import { read, ROOT } from './blocks';

/** The repository, as the documents of the package link to what is not in the package. */
export const REPOSITORY = 'https://github.com/cdk8s-best-practices/cdk8s-best-practices/blob/main/';

/** A link of a document. */
export interface Link {
  readonly file: string;
  readonly url: string;
  /** Below the root of the repository; nothing for other sites. */
  readonly path?: string;
  readonly anchor?: string;
  readonly isRelative: boolean;
}

/** The links of a document, or of a text in its place, outside of code. */
export function linksOf(file: string, text = read(file)): Link[] {
  return [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, url]) => {
    const isRelative = !/^[a-z]+:/.test(url);
    if (!isRelative && !url.startsWith(REPOSITORY)) return { file, url, isRelative };
    const [path, anchor] = (isRelative ? url : url.slice(REPOSITORY.length)).split('#');
    if (!isRelative) return { file, url, path, anchor, isRelative };
    return { file, url, path: path === '' ? file : below(file, path), anchor, isRelative };
  });
}

function below(file: string, path: string): string {
  return relative(ROOT, resolve(ROOT, dirname(file), path));
}

/** What is wrong with a link into the repository, which has the paths `known`; nothing if it resolves. */
export function faultOf({ file, url, path, anchor }: Link, known: ReadonlySet<string>): string | undefined {
  if (path === undefined) return undefined;
  if (!known.has(path.replace(/\/$/, ''))) return `${file}: ${url}: no such file`;
  if (anchor !== undefined && !anchorsOf(path).includes(anchor)) return `${file}: ${url}: no such heading`;
  return undefined;
}

/** All files and folders that git has. */
export function filesOfRepository(): ReadonlySet<string> {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  return new Set(
    files.flatMap((file) => file.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^ *```[\s\S]*?^ *```/gm, '');
}

function prose(text: string): string {
  return withoutCode(text).replace(/`[^`\n]*`/g, '');
}

/** The anchors that headings have on GitHub. */
function anchorsOf(file: string): string[] {
  return [...withoutCode(read(file)).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
}
