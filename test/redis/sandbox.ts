import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { Redis } from '../../src';
import { only, synth } from '../support';

/** How the programs that the scripts call stand in for the real ones. `$BOX` is the folder of the sandbox. */
const STUBS: Record<string, string> = {
  // answers with the file <host>/<command>, or as one that finds nobody there
  'redis-cli': `#!/bin/sh
printf '%s\\n' "$*" >> "$BOX/redis-cli.calls"
printf '%s\\n' "\${REDISCLI_AUTH:-}" >> "$BOX/redis-cli.passwords"
host=127.0.0.1
while [ $# -gt 0 ]; do
  case $1 in
    -h) host=$2; shift 2 ;;
    -p) port=$2; shift 2 ;;
    *) break ;;
  esac
done
answer=$BOX/answers/$host/$*
if [ -f "$answer" ]; then cat "$answer"; exit 0; fi
echo "Could not connect to Redis at $host:$port: Connection refused" >&2
exit 1
`,
  // one that only shows a state runs until it is stopped
  'redis-server': `#!/bin/sh
case $1 in
  *dataset-*.conf | *joining-*.conf | */redis.conf) ;;
  *)
    echo "$1" >> "$BOX/announcements"
    exec > "$BOX/announcer" 2>&1
    trap 'exit 0' TERM
    for _ in $(seq 50); do /bin/sleep 0.1; done
    exit ;;
esac
printf '%s\\n' "$@" > "$BOX/redis-server.arguments"
env > "$BOX/redis-server.environment"
ls -l /proc/$$/fd > "$BOX/redis-server.files"
`,
  'sync': `#!/bin/sh
echo "$*" >> "$BOX/sync.calls"
`,
  'timeout': `#!/bin/sh
echo "$1" >> "$BOX/timeout.calls"
shift
exec "$@"
`,
  // what is in later/ comes true after the second call; a script that never ends fails
  'sleep': `#!/bin/sh
echo "$1" >> "$BOX/sleep.calls"
calls=$(wc -l < "$BOX/sleep.calls")
if [ "$calls" -eq 2 ] && [ -d "$BOX/later" ]; then cp -R "$BOX/later/." "$BOX/"; fi
[ "$calls" -lt 9 ]
`,
};

const DOMAIN = 'shop.svc.cluster.local';

/** The name by which members ask for each other: the dot at its end spares the search domains. */
export const hostOf = (ordinal: number): string => `store-${ordinal}.store-members.${DOMAIN}.`;

/** Where a member has the file that shows a state. */
export const configOf = (member: string, state: string): string => `run/${member}.${DOMAIN}/${state}.conf`;

/** As redis-cli prints it, with the line ends of the protocol. */
const infoServer = (member: string, state: string): string =>
  `# Server\r\nredis_version:7.2.11\r\nexecutable:/data/redis-server\r\nconfig_file:/run/redis/${member}.${DOMAIN}/${state}.conf\r\nio_threads_active:0\r\n`;

export const UUID = '3d5c8f0e-8f8e-4c1b-9a52-0d9e1f6a7b21';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const synthesized = new Map<number, Record<string, string>>();

/** The text of the scripts, as the ConfigMap of a Redis `store` in namespace `shop` has them. */
export function scriptsOf(replicas: number): Record<string, string> {
  const scripts = synthesized.get(replicas) ?? synthesizedScripts(replicas);
  synthesized.set(replicas, scripts);
  return scripts;
}

function synthesizedScripts(replicas: number): Record<string, string> {
  const manifests = synth((chart) => {
    const password = { secret: Secret.fromSecretName(chart, 'redis-passwd', 'redis-passwd'), key: 'passwd' };
    new Redis(chart, 'redis', { name: 'store', password, storage: Size.gibibytes(10), replicas });
  });
  return only(manifests, 'ConfigMap').data;
}

/** A folder in which the scripts of one member run, with its own /data, /run/redis and so on. */
export class Sandbox {
  public readonly box = mkdtempSync(join(tmpdir(), 'redis-'));
  private other?: ChildProcess;
  private readonly paths: Record<string, string> = {
    '/data': join(this.box, 'data'),
    '/run/redis': join(this.box, 'run'),
    '/opt/redis': join(this.box, 'opt'),
    '/var/run/secrets': join(this.box, 'secrets'),
    '/etc/resolv.conf': join(this.box, 'resolv.conf'),
    '/proc/sys/kernel/random/uuid': join(this.box, 'uuid'),
  };

  public constructor(
    private readonly hostname: string,
    password = 'secret\n',
    replicas = 3,
    scripts = scriptsOf(replicas),
  ) {
    for (const folder of ['data', 'run', 'opt', 'secrets/redis', 'bin', 'answers']) {
      mkdirSync(join(this.box, folder), { recursive: true });
    }
    writeFileSync(join(this.box, 'secrets/redis/password'), password);
    writeFileSync(
      join(this.box, 'resolv.conf'),
      `nameserver 10.96.0.10\nsearch ${DOMAIN} svc.cluster.local cluster.local\noptions ndots:5\n`,
    );
    writeFileSync(join(this.box, 'uuid'), `${UUID}\n`);
    for (const [program, script] of Object.entries(STUBS)) {
      writeFileSync(join(this.box, 'bin', program), script);
      chmodSync(join(this.box, 'bin', program), 0o755);
    }
    for (const [file, text] of Object.entries(scripts)) {
      writeFileSync(join(this.box, 'opt', file), this.inside(text));
    }
  }

  public remove(): void {
    this.other?.kill();
    rmSync(this.box, { recursive: true });
  }

  /** Lets a host answer a command of redis-cli; `later`: after it was waited for. */
  public answer(host: string, command: string, text: string, when: 'answers' | 'later' = 'answers'): this {
    const folder = join(this.box, ...(when === 'later' ? ['later'] : []), 'answers', host);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, command), text.replaceAll('/run/redis', this.paths['/run/redis']));
    return this;
  }

  /** Lets member `store-<ordinal>` show a state of its claim. */
  public shows(ordinal: number, state: string, when?: 'answers' | 'later'): this {
    return this.answer(hostOf(ordinal), 'info server', infoServer(`store-${ordinal}`, state), when);
  }

  /** Lets the server of this member show a state, and say more in other sections of INFO. */
  public runs(state: string, sections = ''): this {
    return this.answer(
      '127.0.0.1',
      'info server replication persistence',
      `${infoServer(this.hostname, state)}${sections}`,
    );
  }

  /** Puts a file on the claim. */
  public holds(file: string, text: string): this {
    mkdirSync(join(this.box, 'data', file, '..'), { recursive: true });
    writeFileSync(join(this.box, 'data', file), text);
    return this;
  }

  public withoutPasswordFile(): this {
    rmSync(join(this.box, 'secrets/redis/password'));
    return this;
  }

  public withOtherPassword(password: string): this {
    mkdirSync(join(this.box, 'secrets/redis-other'));
    writeFileSync(join(this.box, 'secrets/redis-other/password'), password);
    return this;
  }

  public run(script: string, ...args: readonly string[]): Outcome {
    return this.runIn({}, script, ...args);
  }

  /** Runs a script with more variables. Programs in the folder `first` are found first. */
  public runIn(env: Record<string, string>, script: string, ...args: readonly string[]): Outcome {
    const { status, stdout, stderr, error } = spawnSync('sh', [join(this.box, 'opt', script), ...args], {
      env: {
        PATH: `${join(this.box, 'first')}:${join(this.box, 'bin')}:${process.env.PATH}`,
        HOSTNAME: this.hostname,
        BOX: this.box,
        ...env,
      },
      encoding: 'utf8',
      timeout: 10_000,
    });
    if (error) throw error;
    return { code: status, stdout: this.outside(stdout), stderr: this.outside(stderr) };
  }

  /** What a file has, with the paths of a pod; undefined when there is none. */
  public read(file: string): string | undefined {
    const path = join(this.box, file);
    return existsSync(path) ? this.outside(readFileSync(path, 'utf8')) : undefined;
  }

  public lines(file: string): string[] {
    return this.read(file)?.replace(/\n$/, '').split('\n') ?? [];
  }

  /** The names of the files of a folder, but for the lock of the claim. */
  public files(folder: string): string[] {
    return readdirSync(join(this.box, folder))
      .filter((name) => name !== 'lock')
      .sort();
  }

  /** Puts a file there after it was waited for. */
  public later(file: string, text: string): this {
    mkdirSync(join(this.box, 'later', file, '..'), { recursive: true });
    writeFileSync(join(this.box, 'later', file), text);
    return this;
  }

  /** Lets programs fail to read a folder, as those of another account would: tests run as root, who reads all. */
  public unreadable(folder: string): this {
    writeFileSync(join(this.box, 'bin/ls'), `#!/bin/sh\ncase $1 in *${folder}) exit 2 ;; esac\nexec /bin/ls "$@"\n`);
    chmodSync(join(this.box, 'bin/ls'), 0o755);
    return this;
  }

  public delete(file: string): this {
    rmSync(join(this.box, file), { recursive: true });
    return this;
  }

  /** Another process has the lock of the claim. */
  public locked(): this {
    this.other = spawn('flock', [join(this.box, 'data/lock'), '/bin/sleep', '60'], { stdio: 'ignore' });
    while (spawnSync('flock', ['-n', join(this.box, 'data/lock'), 'true']).status === 0);
    return this;
  }

  public mode(file: string): string {
    return statSync(join(this.box, file)).mode.toString(8).slice(-3);
  }

  /** `/data` only as a path of its own: `dataset` begins with the same letters. */
  private inside(text: string): string {
    return text.replace(
      /\/proc\/sys\/kernel\/random\/uuid|\/var\/run\/secrets|\/etc\/resolv\.conf|\/run\/redis|\/opt\/redis|(?<=^data=|^dir )\/data$/gm,
      (path) => this.paths[path],
    );
  }

  private outside(text: string): string {
    return Object.entries(this.paths).reduce((result, [path, folder]) => result.replaceAll(folder, path), text);
  }
}
