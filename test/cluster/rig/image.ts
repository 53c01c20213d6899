import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CONTAINERD_SOCKET, program, PROGRAMS, STATE } from './places';
import { run } from '../../rig/processes';

export interface ImageContents {
  /** Programs of this machine, by name or path: copied with their shared libraries. */
  readonly programs: readonly string[];
  /** Files: path in the image to path here. */
  readonly files?: Record<string, string>;
  readonly entrypoint: readonly string[];
}

/**
 * Makes an image from programs of this machine and gives it to containerd, as no registry can be reached.
 * - `name` is what manifests call it, in full: docker.io/library/redis:7.2.11.
 * - No file belongs to the user of a pod, and only /tmp can be written by all.
 */
export async function loadImage(name: string, contents: ImageContents): Promise<void> {
  const work = mkdtempSync(join(STATE, 'image-'));
  try {
    const root = join(work, 'root');
    await fill(root, contents);
    const layer = join(work, 'layer.tar');
    await run('tar', [
      '--create',
      '--file',
      layer,
      '--owner=0',
      '--group=0',
      '--sort=name',
      '--mtime=@0',
      '--directory',
      root,
      '.',
    ]);
    const config = JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: { Entrypoint: contents.entrypoint, Env: ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(readFileSync(layer))}`] },
    });
    const configName = `${sha256(config)}.json`;
    writeFileSync(join(work, configName), config);
    writeFileSync(
      join(work, 'manifest.json'),
      JSON.stringify([{ Config: configName, RepoTags: [name], Layers: ['layer.tar'] }]),
    );
    const image = join(work, 'image.tar');
    await run('tar', ['--create', '--file', image, '--directory', work, configName, 'manifest.json', 'layer.tar']);
    await run(program('ctr'), ['--address', CONTAINERD_SOCKET, '--namespace', 'k8s.io', 'images', 'import', image]);
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function fill(root: string, { programs, files = {} }: ImageContents): Promise<void> {
  for (const folder of ['tmp', 'etc', 'data', 'var/run']) mkdirSync(join(root, folder), { recursive: true });
  await run('chmod', ['1777', join(root, 'tmp')]);
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
  writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  for (const name of programs) {
    const path = (await run('bash', ['-c', 'type -P -- "$1"', 'bash', name])).trim();
    // our own programs lie in folders that a pod may mount over
    copy(
      path,
      join(root, path.startsWith(PROGRAMS) || !path.startsWith('/usr/') ? `/usr/local/bin/${basename(path)}` : path),
    );
    for (const library of await librariesOf(path)) copy(library, join(root, library));
  }
  if (existsSync(join(root, 'usr/bin/sh'))) symlinkSync('usr/bin', join(root, 'bin'));
  for (const [to, from] of Object.entries(files)) cpSync(from, join(root, to), { recursive: true });
}

/** Shared libraries of a program, and those by which glibc resolves names, which no program names. */
async function librariesOf(path: string): Promise<string[]> {
  const listed = await run('ldd', [path]).catch(() => '');
  const linked = [...listed.matchAll(/(\/\S+\.so\S*)/g)].map(([library]) => library);
  const glibc = linked.find((library) => basename(library) === 'libc.so.6');
  const loadedLate = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'].map((name) =>
    join(dirname(glibc ?? '/'), name),
  );
  return [...linked, ...(glibc === undefined ? [] : loadedLate.filter((library) => existsSync(library)))];
}

function copy(from: string, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(realpathSync(from), to);
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
