import { type Moment, runUntilPowerFails } from './power-failure';
import { Sandbox } from './sandbox';

const OURS = '11111111-1111-4111-8111-111111111111';
const MANIFEST = 'appendonlydir/appendonly.aof.manifest';
const UUID = /^[0-9a-f-]{36}\n$/;
const LINKED =
  'role:slave\r\nmaster_link_status:up\r\nloading:0\r\naof_enabled:1\r\naof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0\r\naof_last_bgrewrite_status:ok\r\n';

interface Case {
  readonly member: string;
  readonly prepare: (box: Sandbox) => Sandbox;
  readonly script: string;
  readonly args?: readonly string[];
  /** Looks at the claim after the script was run again. */
  readonly expectAfter: (box: Sandbox) => void;
}

const server = (box: Sandbox): string | undefined => box.lines('redis-server.arguments').at(-1)?.replace(/.*\//, '');
const withData = (box: Sandbox): Sandbox => box.holds(MANIFEST, 'file appendonly.aof.1.base.rdb seq 1 type b\n');

/** It has begun to copy, and continues when its server has written its first files. */
function joins(box: Sandbox): void {
  expect([server(box), box.read('data/joining')]).toEqual([`joining-${OURS}.conf`, `${OURS}\n`]);
  expect(withData(box).run('launch.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(server(box)).toBe(`joining-${OURS}.conf`);
}

const cases: Record<string, Case> = {
  'the first start of a primary': {
    member: 'store-0',
    prepare: (box) => box.shows(1, 'empty').shows(2, 'empty'),
    script: 'launch.sh',
    expectAfter: (box) =>
      expect([server(box), box.read('data/joining')]).toEqual([
        expect.stringMatching(/^dataset-/),
        expect.stringMatching(UUID),
      ]),
  },
  'the first start of a replica': {
    member: 'store-1',
    prepare: (box) => box.shows(0, `dataset-${OURS}`),
    script: 'launch.sh',
    expectAfter: joins,
  },
  'the start of a replica whose id was cut before it had data': {
    member: 'store-1',
    prepare: (box) => box.holds('dataset', OURS.slice(0, 9)).shows(0, `dataset-${OURS}`),
    script: 'launch.sh',
    expectAfter: joins,
  },
  'the readiness with which a replica gets its id': {
    member: 'store-1',
    prepare: (box) => withData(box).holds('joining', `${OURS}\n`).runs(`joining-${OURS}`, LINKED),
    script: 'ready.sh',
    expectAfter: (box) => {
      expect([box.read('data/dataset'), box.read('data/joining')]).toEqual([`${OURS}\n`, undefined]);
      box.run('launch.sh');
      expect(server(box)).toBe(`dataset-${OURS}.conf`);
    },
  },
  'the start of a primary that a person has identified': {
    member: 'store-0',
    prepare: (box) => {
      withData(box).run('identify.sh', OURS);
      return box;
    },
    script: 'launch.sh',
    expectAfter: (box) =>
      expect([server(box), box.read('data/dataset')]).toEqual([`dataset-${OURS}.conf`, `${OURS}\n`]),
  },
  'the word of a person': {
    member: 'store-0',
    prepare: (box) => withData(box).holds('dataset', ''),
    script: 'identify.sh',
    args: [OURS],
    expectAfter: (box) => {
      box.run('launch.sh');
      expect([server(box), box.read('data/dataset')]).toEqual([`dataset-${OURS}.conf`, `${OURS}\n`]);
    },
  },
};

/** All moments of a script; it ends before power fails at the last one. */
function* moments(): Generator<Moment> {
  for (let call = 1; ; call += 1) {
    yield* [
      { when: 'before', call },
      { when: 'after', call },
    ] as const;
  }
}

const idsOf = (box: Sandbox): Array<string | undefined> =>
  ['data/dataset', 'data/joining'].map((file) => box.read(file));

describe('when power fails at any moment', () => {
  test.each(Object.entries(cases))(
    'of %s, ids are whole, and the next run gets there',
    (_, { member, prepare, script, args = [], expectAfter }) => {
      let failures = 0;
      for (const moment of moments()) {
        const box = prepare(new Sandbox(member));
        try {
          const before = idsOf(box);
          const failed = runUntilPowerFails(box, moment, script, ...args);
          idsOf(box).forEach((id, index) => {
            if (id !== undefined && id !== before[index]) expect(id).toMatch(UUID);
          });
          expect(box.run(script, ...args).code).toBe(0);
          expectAfter(box);
          if (!failed) break;
          failures += 1;
        } finally {
          box.remove();
        }
      }
      expect(failures).toBeGreaterThan(3);
    },
  );
});
