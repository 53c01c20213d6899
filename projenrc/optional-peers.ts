import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of an assembly of jsii, and of a package.json, tells of peers. */
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
 * The assembly without optional peers. jsii writes all peers into it, and would ask for each where a library that is
 * built on ours is compiled, or where ours is installed from another language.
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
 * Its README with links into the repository. npm makes such of relative ones itself; registries of other languages show
 * the README of the assembly as it is.
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

/** With the fingerprint as jsii makes it. */
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
