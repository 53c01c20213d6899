import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DeveloperNamespace } from '../../src';
import { reaperScript } from '../../src/blocks/reaper/reaper-script';
import { problemsOf } from '../support';

/** A namespace as the template of the script prints it. */
interface Line {
  readonly name?: string;
  readonly created?: string;
  readonly ttl?: string;
  readonly expires?: string;
}

const DENIED =
  "Error from server (Forbidden): namespaces \"reaper\" is forbidden: ValidatingAdmissionPolicy 'reap' with binding 'reap' denied request: no";
const NOW = Date.parse('2026-11-21T08:00:00Z');

// with list, guard and deleted in $BOX
const KUBECTL = `#!/bin/sh
printf '%s\\n' "$*" >> "$BOX/calls"
case $* in
  *--dry-run=server*) cat "$BOX/guard"; exit "$GUARD_CODE" ;;
  'get namespaces'*) cat "$BOX/list" ;;
  'delete --raw '*) cat >> "$BOX/bodies"; echo >> "$BOX/bodies"; exit "$DELETE_CODE" ;;
esac
`;

/** What a list of namespaces has of one, as the API server gives it. */
interface Listed {
  readonly metadata: Record<string, unknown>;
}

const SCRIPT = reaperScript({ namespace: 'reaper', policy: 'reap' });
const TEMPLATE = /--output=go-template='([^']*)'/.exec(SCRIPT)?.[1] ?? '';

/** What the template of a script makes of a list: the part of Go's templates that it uses. */
function rendered(template: string, items: readonly Listed[]): string {
  const tokens = template.split(/(\{\{.*?\}\})/).filter((token) => token !== '');
  let position = 0;
  const at = (dot: unknown, path: string): unknown =>
    path
      .split('.')
      .filter((name) => name !== '')
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], dot);
  const value = (dot: unknown, text: string): unknown => {
    if (text.startsWith('"')) return JSON.parse(text);
    const [first, ...others] = text.split(' ');
    if (first === 'not') return !value(dot, others.join(' '));
    if (first === 'urlquery') return encodeURIComponent(String(value(dot, others.join(' '))));
    if (first === 'index') {
      return (at(dot, others[0]) as Record<string, unknown> | undefined)?.[JSON.parse(others[1]) as string];
    }
    if (!first.startsWith('.')) throw new Error(`not known: ${text}`);
    return at(dot, first);
  };
  const block = (dot: unknown): string => {
    let text = '';
    while (position < tokens.length && !/^\{\{(else|end)\}\}$/.test(tokens[position])) {
      const token = tokens[position++];
      const [, action, operand] = /^\{\{(?:(range|if|with) )?(.*)\}\}$/.exec(token) ?? [];
      if (operand === undefined) text += token;
      else if (action === undefined) text += (value(dot, operand) as string | undefined) ?? '<no value>';
      else text += branches(dot, action, value(dot, operand));
    }
    return text;
  };
  const branches = (dot: unknown, action: string, found: unknown): string => {
    const start = position;
    const dots = action === 'range' ? ((found ?? []) as unknown[]) : [action === 'with' ? found : dot];
    const isChosen = action === 'range' || Boolean(found);
    const bodies = (dots.length === 0 ? [undefined] : dots).map((each) => {
      position = start;
      return block(each);
    });
    let text = isChosen && dots.length > 0 ? bodies.join('') : '';
    if (tokens[position] === '{{else}}') {
      position++;
      const otherwise = block(dot);
      if (!isChosen) text = otherwise;
    }
    position++;
    return text;
  };
  return block({ items });
}

interface World {
  readonly guard?: string;
  readonly guardCode?: number;
  readonly deleteCode?: number;
  readonly now?: number;
}

/** Runs the script in a cluster of these namespaces. */
function reap(lines: Line[] | string, { guard = DENIED, guardCode = 1, deleteCode = 0, now = NOW }: World = {}) {
  const box = mkdtempSync(join(tmpdir(), 'reaper-'));
  const read = (file: string) => (existsSync(join(box, file)) ? readFileSync(join(box, file), 'utf8') : '');
  try {
    writeFileSync(join(box, 'kubectl'), KUBECTL);
    writeFileSync(join(box, 'date'), `#!/bin/sh\n[ "$*" = '-u +%s' ] && echo ${Math.floor(now / 1000)}\n`);
    for (const program of ['kubectl', 'date']) chmodSync(join(box, program), 0o755);
    writeFileSync(join(box, 'guard'), guard);
    writeFileSync(
      join(box, 'list'),
      typeof lines === 'string'
        ? lines
        : lines
            .map(
              ({ name = 'spike', created = '2026-11-20T00:00:00Z', ttl = '-', expires = '-' }) =>
                `${name} uid-${name} 42 ${created} ${ttl} ${expires.replaceAll(':', '%3A').replaceAll('+', '%2B')}\n`,
            )
            .join(''),
    );
    const { status, stdout, stderr } = spawnSync('sh', ['-c', SCRIPT], {
      env: {
        PATH: `${box}:${process.env.PATH}`,
        BOX: box,
        GUARD_CODE: String(guardCode),
        DELETE_CODE: String(deleteCode),
      },
      encoding: 'utf8',
    });
    const deleted = [...read('calls').matchAll(/^delete --raw \/api\/v1\/namespaces\/(\S*) --filename=-$/gm)].map(
      ([, name]) => name,
    );
    return { status, stdout, stderr, deleted, bodies: read('bodies'), calls: read('calls') };
  } finally {
    rmSync(box, { recursive: true });
  }
}

describe('the list of the reaper', () => {
  const listed = (name: string, more: Record<string, unknown> = {}): Listed => ({
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: '42',
      creationTimestamp: '2026-11-20T00:00:00Z',
      annotations: { ttl: '1h' },
      ...more,
    },
  });
  const ITEMS = [
    listed('a'),
    listed('going', { deletionTimestamp: '2026-11-21T07:00:00Z' }),
    listed('b', { annotations: { 'expires-at': '2026-11-20T00:00:00+01:00', 'other': '1h' } }),
    listed('c', { annotations: undefined }),
    listed('d', { annotations: {} }),
    listed('e', { creationTimestamp: '2026-11-21T07:30:00Z' }),
  ];
  const LINES = rendered(TEMPLATE, ITEMS);

  test('has a line for each namespace that is not being deleted (row B21)', () => {
    expect(LINES.split('\n')).toEqual([
      'a uid-a 42 2026-11-20T00:00:00Z 1h -',
      'b uid-b 42 2026-11-20T00:00:00Z - 2026-11-20T00%3A00%3A00%2B01%3A00',
      'c uid-c 42 2026-11-20T00:00:00Z - -',
      'd uid-d 42 2026-11-20T00:00:00Z - -',
      'e uid-e 42 2026-11-21T07:30:00Z 1h -',
      '',
    ]);
    expect(reap(LINES)).toMatchObject({
      status: 1,
      deleted: ['a', 'b'],
      stderr: 'c: is marked, but has neither ttl nor expires-at\nd: is marked, but has neither ttl nor expires-at\n',
    });
  });

  test.each([...new Set(TEMPLATE.match(/(?<=[."/])[A-Za-z-]{3,}(?=[ }".])/g))])(
    'is another one where %s is misspelt (row B21)',
    (field) => {
      const mutant = TEMPLATE.replaceAll(new RegExp(`(?<=[."/])${field}(?=[ }".])`, 'g'), `${field}s`);
      expect(mutant).not.toBe(TEMPLATE);
      expect(rendered(mutant, ITEMS)).not.toBe(LINES);
    },
  );

  test('is of the fields that the API has (row B21)', () => {
    const found = [...new Set([...TEMPLATE.matchAll(/\.metadata\.(\w+)/g)].map(([, field]) => field))];
    expect(found.sort()).toEqual([
      'annotations',
      'creationTimestamp',
      'deletionTimestamp',
      'name',
      'resourceVersion',
      'uid',
    ]);
  });
});

describe('the script of the reaper', () => {
  test('deletes what has lived its hours, and not a second before (S23, CH02-09)', () => {
    const line = { created: '2026-11-21T06:00:00Z', ttl: '2h' };
    expect(reap([line], { now: NOW })).toMatchObject({
      status: 0,
      deleted: ['spike'],
      stdout: 'spike: deleted\n',
      stderr: '',
    });
    expect(reap([line], { now: NOW - 1000 })).toMatchObject({ status: 0, deleted: [], stdout: '' });
  });

  test.each<[string, string]>([
    ['2026-11-21', '2026-11-21T00:00:00Z'],
    ['2026-11-21T08:00:00Z', '2026-11-21T08:00:00Z'],
    ['2026-11-21T09:30:00+01:30', '2026-11-21T08:00:00Z'],
    ['2026-11-21T00:00:00-08:00', '2026-11-21T08:00:00Z'],
  ])('deletes at %s', (expires, time) => {
    expect(reap([{ expires }], { now: Date.parse(time) }).deleted).toEqual(['spike']);
    expect(reap([{ expires }], { now: Date.parse(time) - 1000 }).deleted).toEqual([]);
  });

  test('counts time as the calendar does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: 1, max: 8760 }), (seconds, hours) => {
        const line = { created: new Date(seconds * 1000).toISOString().replace('.000', ''), ttl: `${hours}h` };
        const end = (seconds + hours * 3600) * 1000;
        expect([reap([line], { now: end }).deleted, reap([line], { now: end - 1000 }).deleted]).toEqual([
          ['spike'],
          [],
        ]);
      }),
      { numRuns: 25, seed: 42 },
    );
  });

  test('reads every end that a DeveloperNamespace takes', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'));
    const time = fc
      .tuple(
        fc.integer({ min: 1970, max: 2099 }),
        two(13),
        two(32),
        two(25),
        two(60),
        two(60),
        fc.constantFrom('+', '-'),
        two(24),
        two(60),
      )
      .map(
        ([year, month, day, hours, minutes, seconds, sign, zoneHours, zoneMinutes]) =>
          `${year}-${month}-${day}T${hours}:${minutes}:${seconds}${sign}${zoneHours}:${zoneMinutes}`,
      );
    const isTaken = (expires: string) =>
      problemsOf(
        (chart) =>
          new DeveloperNamespace(chart, 'spike', {
            name: 'spike',
            owner: 'jane',
            team: 'search',
            purpose: 'x',
            expires,
          }),
      ).length === 0;
    fc.assert(
      fc.property(time.filter(isTaken), (expires) => {
        const end = Date.parse(expires);
        expect([
          expires,
          reap([{ expires }], { now: end }).deleted,
          reap([{ expires }], { now: end - 1000 }).deleted,
        ]).toEqual([expires, ['spike'], []]);
      }),
      { numRuns: 50, seed: 42 },
    );
  });

  test('deletes the object that it has read, and no other of that name', () => {
    expect(JSON.parse(reap([{ ttl: '1h' }]).bodies)).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      preconditions: { uid: 'uid-spike', resourceVersion: '42' },
    });
  });

  test('takes the later of two ends', () => {
    expect(reap([{ ttl: '1h', expires: '2026-11-22' }]).deleted).toEqual([]);
    expect(reap([{ ttl: '9999h', expires: '2026-11-20' }]).deleted).toEqual([]);
    expect(reap([{ ttl: '1h', expires: '2026-11-20' }]).deleted).toEqual(['spike']);
  });

  test('goes on after a namespace that it cannot read, and fails (CH02-25)', () => {
    const { status, stderr, deleted } = reap([
      { name: 'a', ttl: 'soon' },
      { name: 'b' },
      { name: 'c', ttl: '1h' },
      { name: 'd', ttl: '1h', expires: 'tomorrow' },
      { name: 'e', ttl: '1h', created: '2026-13-01T00:00:00Z' },
    ]);
    expect([status, deleted]).toEqual([1, ['c']]);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'a: cannot read its ttl, soon',
      'b: is marked, but has neither ttl nor expires-at',
      'd: cannot read its expires-at, tomorrow',
      'e: cannot read its creation, 2026-13-01T00:00:00Z',
    ]);
  });

  test.each(['0h', '08h', '99999h', '-1h', 'h', '1', '1d', '1h1h', '1%0Ah', '%24%28id%29', '*', '1e3h', '0x10h'])(
    'leaves a ttl of %s alone',
    (ttl) => {
      expect(reap([{ ttl }])).toMatchObject({ status: 1, deleted: [] });
    },
  );

  test.each([
    '2026-11-20T00%3A00',
    '2026-00-10',
    '2026-11-32',
    '$(id)',
    '2026-11-20+kube-system',
    '26-11-20',
    '2026-11-20T00:00:00',
  ])('leaves an end of %s alone', (expires) => {
    expect(reap([{ expires }])).toMatchObject({ status: 1, deleted: [] });
  });

  test('does nothing where the policy does not stop it (CH02-25)', () => {
    const free = reap([{ ttl: '1h' }], { guard: 'namespace "reaper" deleted (server dry run)', guardCode: 0 });
    expect(free).toMatchObject({
      status: 1,
      deleted: [],
      stderr: 'The policy reap does not keep this account from deleting namespace reaper: nothing is deleted\n',
    });
    expect(free.calls).toBe('delete namespace reaper --dry-run=server --wait=false\n');
    expect(reap([{ ttl: '1h' }], { guard: 'Unable to connect to the server' })).toMatchObject({
      status: 1,
      deleted: [],
      stderr: 'No answer of the policy reap: Unable to connect to the server\n',
    });
  });

  test.each([
    'Error from server (Forbidden): admission webhook "reap.example.com" denied the request: no namespace reaper for reap',
    "Error from server (Forbidden): namespaces \"reaper\" is forbidden: ValidatingAdmissionPolicy 'reap-all' with binding 'reap' denied request: no",
    "Error from server (Forbidden): namespaces \"reaper\" is forbidden: ValidatingAdmissionPolicy 'reap' with binding 'other' denied request: no",
    'Error from server (Forbidden): namespaces "reaper" is forbidden: User "reap" cannot delete resource "namespaces"',
  ])('does nothing where something else stops it: %s (CH02-25)', (guard) => {
    expect(reap([{ ttl: '1h' }], { guard })).toMatchObject({
      status: 1,
      deleted: [],
      stderr: `No answer of the policy reap: ${guard}\n`,
    });
  });

  test('says what it could not delete, and fails', () => {
    expect(reap([{ ttl: '1h' }], { deleteCode: 1 })).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'spike: not deleted\n',
    });
  });

  test('succeeds where there is nothing to do', () => {
    expect(reap([])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});
