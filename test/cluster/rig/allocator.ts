import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Cluster } from './cluster';
import { PROGRAMS, STATE } from './places';
import { run } from '../../rig/processes';

const ROOT = resolve(__dirname, '../../..');

/** A folder in which the commands of the guide to developer namespaces run, against the real node. */
export class Allocator {
  /** The commands of the guide: the tool, and what applies its file. */
  public readonly commands: string;

  private readonly folder = mkdtempSync(join(STATE, 'allocator-'));

  public constructor() {
    // the package is not installed here: its command runs from source
    writeFileSync(
      join(this.folder, 'npx'),
      `#!/bin/sh\nshift\nexec '${process.execPath}' --require '${join(ROOT, 'node_modules/ts-node/register/transpile-only')}' '${join(ROOT, 'src/cdk8s-developer-namespace.ts')}' "$@"\n`,
    );
    chmodSync(join(this.folder, 'npx'), 0o755);
    const guide = readFileSync(join(ROOT, 'docs/developer-namespaces.md'), 'utf8');
    this.commands = /```sh\n(npx [^`]+)```/.exec(guide)?.[1] ?? '';
  }

  /** What the tool has written. */
  public get file(): string {
    return join(this.folder, 'namespace.yaml');
  }

  /** The name that the tool has chosen. */
  public get namespace(): string {
    return /name: (search-[a-z0-9]{5})$/m.exec(readFileSync(this.file, 'utf8'))?.[1] ?? '';
  }

  /** Runs commands in the folder. */
  public async run(script: string): Promise<string> {
    return run('sh', ['-eu', '-c', `cd "$1"; ${script}`, 'sh', this.folder], {
      env: {
        KUBECONFIG: Cluster.node.kubeconfig,
        PATH: `${this.folder}:${PROGRAMS}:${process.env.PATH}`,
        TS_NODE_PROJECT: join(ROOT, 'examples/tsconfig.json'),
      },
    });
  }
}
