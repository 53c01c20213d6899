import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nginxConf, PORT } from '../../src/blocks/nginx-conf';

/** Where nginx is not installed, the test cluster alone shows what it does. */
const nginx = spawnSync('nginx', ['-v']).status === 0 ? describe : describe.skip;

const FILES = [
  'index.html',
  'assets/index-DrRJxksg.js',
  'assets/pdf.worker-B4d7pQ2K.mjs',
  'report-20240101.js',
  'app.webmanifest',
  'logo.avif',
  'sum.wasm',
  'Sans.woff2',
  'Sans.ttf',
  'README.md',
  'style.css',
];

nginx.each([undefined, '/index.html'])('nginx itself, with fallback %s', (fallback) => {
  let folder: string;
  let origin: string;
  let server: ChildProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nginx-'));
    mkdirSync(join(folder, 'site', 'guide'), { recursive: true });
    writeFileSync(join(folder, 'site', 'guide', 'index.html'), 'a guide');
    writeFileSync(join(folder, 'site', 'app.0a1b2c3d.js'), 'a script');
    mkdirSync(join(folder, 'site', 'assets'));
    for (const file of FILES) writeFileSync(join(folder, 'site', file), `file ${file}`);
    // less than any nginx has
    writeFileSync(join(folder, 'mime.types'), 'types { text/html html; text/javascript js; text/css css; }\n');
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const conf = nginxConf({ root: join(folder, 'site'), fallback, ipv6: false })
      .replace(`listen ${PORT};`, `listen 127.0.0.1:${port};`)
      .replace('/etc/nginx/mime.types', join(folder, 'mime.types'))
      .replace(/ \/tmp\/(?=\w+;)/g, ` ${folder}/`)
      .replace(/\/dev\/std(err|out)/g, join(folder, 'log'));
    // as root it would give its children another user, who may not read the folder
    const user = process.getuid?.() === 0 ? 'user root;\n' : '';
    writeFileSync(join(folder, 'nginx.conf'), user + conf);
    server = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'], {
      stdio: 'inherit',
    });
    await answering(`${origin}/healthz`);
  });

  afterAll(async () => {
    if (server.exitCode === null && server.kill()) await once(server, 'exit');
    rmSync(folder, { recursive: true });
  });

  async function get(
    path: string,
  ): Promise<{ status: number; location: string | null; cached: string | null; type: string | null; text: string }> {
    const response = await fetch(origin + path, { redirect: 'manual' });
    const { status, headers } = response;
    return {
      status,
      location: headers.get('location'),
      cached: headers.get('cache-control'),
      type: headers.get('content-type'),
      text: await response.text(),
    };
  }

  test('redirects to a directory on the scheme, host and port of the client', async () => {
    expect(await get('/guide')).toMatchObject({ status: 301, location: '/guide/' });
    expect(await get('/guide/')).toMatchObject({ status: 200, text: 'a guide' });
  });

  test('answers its health, and 404 for what is not there', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok' });
    expect(await get('/none')).toMatchObject(
      fallback === undefined ? { status: 404 } : { status: 200, text: 'file index.html', cached: 'no-cache' },
    );
  });

  test('answers 404 for a script of an old release, and never a page in its place (row B10)', async () => {
    const gone = ['/assets/x-99999999.js', '/assets/x-DrRJxks1.mjs', '/x.css', '/a/b/logo.PNG', '/x.wasm', '/a.json'];
    for (const path of gone) expect(await get(path)).toMatchObject({ status: 404 });
    const pages = ['/users/jane.doe', '/releases/1.4.2', '/login', '/old.html'];
    for (const path of pages) expect((await get(path)).status).toBe(fallback === undefined ? 404 : 200);
  });

  test('knows the types of what browsers refuse otherwise (row B10)', async () => {
    const types: Record<string, string> = {
      '/assets/pdf.worker-B4d7pQ2K.mjs': 'text/javascript',
      '/assets/index-DrRJxksg.js': 'text/javascript',
      '/app.webmanifest': 'application/manifest+json',
      '/logo.avif': 'image/avif',
      '/sum.wasm': 'application/wasm',
      '/Sans.woff2': 'font/woff2',
      '/Sans.ttf': 'font/ttf',
      '/README.md': 'text/markdown',
      '/style.css': 'text/css',
    };
    for (const [path, type] of Object.entries(types)) expect(await get(path)).toMatchObject({ status: 200, type });
  });

  test('tells hashes from dates (row B10)', async () => {
    for (const path of ['/assets/index-DrRJxksg.js', '/assets/pdf.worker-B4d7pQ2K.mjs']) {
      expect((await get(path)).cached).toBe('public, max-age=31536000, immutable');
    }
    expect((await get('/report-20240101.js')).cached).toBe('no-cache');
  });

  test('lets clients keep files with a hash in their name, and no others', async () => {
    expect((await get('/app.0a1b2c3d.js')).cached).toBe('public, max-age=31536000, immutable');
    expect((await get('/guide/')).cached).toBe('no-cache');
  });
});

/** A port of this machine that nobody listens on now. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no answer from ${url}`);
}
