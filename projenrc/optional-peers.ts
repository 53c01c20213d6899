import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a jsii assembly and of a package.json about peers. */
interface Assembly {
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
  const written: Partial<Assembly> = {
    ...assembly,
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(keep)),
    dependencyClosure: Object.fromEntries(Object.entries(dependencyClosure).filter(keep)),
    fingerprint: undefined,
  };
  // as jsii writes it
  const fingerprint = createHash('sha256').update(JSON.stringify(written)).digest('base64');
  return { ...written, fingerprint };
}

const ROOT = join(__dirname, '..');

if (require.main === module) {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  const assembly = withoutOptionalPeers(read('.jsii') as Assembly, read('package.json') as Manifest);
  writeFileSync(join(ROOT, '.jsii'), JSON.stringify(assembly, null, 2));
}
