import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { STATE } from './places';
import { Background, run } from '../../rig/processes';

/** The volume of a member. */
export class Claim {
  /** Grows when it is lost: what it held before, nobody may expect any more. */
  public life = 1;

  public constructor(
    public readonly folder: string,
    private readonly uid: number,
  ) {
    mkdirSync(folder);
    chownSync(folder, uid, uid);
  }

  public get files(): string[] {
    return readdirSync(this.folder).sort();
  }

  /** The first line of a file; undefined when there is none. */
  public read(file: string): string | undefined {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n')[0] : undefined;
  }

  public write(file: string, text: string): void {
    const path = join(this.folder, file);
    writeFileSync(path, text);
    chownSync(path, this.uid, this.uid);
  }

  /** Loses one file. */
  public remove(file: string): void {
    rmSync(join(this.folder, file), { recursive: true });
  }

  /** Loses all. */
  public empty(): void {
    this.life += 1;
    for (const file of this.files) this.remove(file);
  }

  /** A copy of it as it is now. */
  public snapshot(): Snapshot {
    const folder = mkdtempSync(join(STATE, 'snapshot-'));
    // a running server renames its temporary files: a copy that missed one is begun again
    for (let attempt = 1; ; attempt++) {
      try {
        this.copy(this.folder, folder, this.files);
        return folder as Snapshot;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 100) throw error;
        for (const file of readdirSync(folder)) rmSync(join(folder, file), { recursive: true });
      }
    }
  }

  /** Becomes what it was, or what another was. */
  public restore(snapshot: Snapshot, files: readonly string[] = readdirSync(snapshot)): void {
    this.empty();
    this.copy(snapshot, this.folder, files);
  }

  /** All keys in the append-only files, as a server with a copy of them has them. */
  public async keys(): Promise<Set<string>> {
    if (!existsSync(join(this.folder, 'appendonlydir'))) return new Set();
    const folder = this.snapshot();
    const socket = join(folder, 'socket');
    const server = Background.start(join(folder, 'log'), 'redis-server', [
      '--port',
      '0',
      '--unixsocket',
      socket,
      '--dir',
      folder,
      '--appendonly',
      'yes',
      '--save',
      '',
    ]);
    const ask = async (...command: string[]): Promise<string> => run('redis-cli', ['-s', socket, '--raw', ...command]);
    try {
      return await server.until('the append-only files are loaded', async () => {
        if (!(await ask('INFO', 'persistence')).includes('loading:0')) throw new Error('not yet');
        return new Set((await ask('KEYS', '*')).split('\n').filter((key) => key !== ''));
      });
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true });
    }
  }

  private copy(from: string, to: string, files: readonly string[]): void {
    for (const file of files) cpSync(join(from, file), join(to, file), { recursive: true });
    for (const file of readdirSync(to, { recursive: true, encoding: 'utf8' })) {
      chownSync(join(to, file), this.uid, this.uid);
    }
  }
}

/** Folder with a copy of a claim. */
export type Snapshot = string & { readonly snapshot: true };
