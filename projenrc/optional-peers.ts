import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a jsii assembly and of a package.json about peers. */
interface Assembly {
  readonly readme?: { readonly markdown: string };
  readonly repository?: { readonly url: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly dependencyClosure?: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
}
interface Manifest {
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * The assembly without optional peers. jsii includes all peers, and would require each of them to compile a dependent
 * library or to install ours in another language.
 */
function withoutOptionalPeers(assembly: Assembly, { peerDependenciesMeta = {} }: Manifest): Assembly {
  const keep = ([name]: readonly [string, unknown]): boolean => !peerDependenciesMeta[name]?.optional;
  const { dependencies = {}, dependencyClosure = {} } = assembly;
  return {
    ...assembly,
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(keep)),
    dependencyClosure: Object.fromEntries(Object.entries(dependencyClosure).filter(keep)),
  };
}

/**
 * The README with absolute links into the repository. npm creates these itself; registries of other languages show the
 * README of the assembly unchanged.
 */
function withAbsoluteLinks(assembly: Assembly): Assembly {
  const { readme, repository } = assembly;
  if (!readme || !repository) return assembly;
  return { ...assembly, readme: { markdown: absoluteLinks(readme.markdown, repository.url) } };
}

/** A document at the root of a repository, with absolute links. */
export function absoluteLinks(markdown: string, repository: string): string {
  const base = `${repository.replace(/\.git$/, '')}/blob/main/`;
  return markdown.replace(/\]\((?![a-z]+:|#)([^)\s]+)\)/g, (_, path: string) => `](${base}${path})`);
}

/** Adds the fingerprint as jsii computes it. */
function signed(assembly: Assembly): Assembly {
  const written = { ...assembly, fingerprint: undefined };
  return { ...written, fingerprint: createHash('sha256').update(JSON.stringify(written)).digest('base64') };
}

const ROOT = join(__dirname, '..');

if (require.main === module) {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  const assembly = withoutOptionalPeers(read('.jsii') as Assembly, read('package.json') as Manifest);
  writeFileSync(join(ROOT, '.jsii'), JSON.stringify(signed(withAbsoluteLinks(assembly)), null, 2));
}
