import { type Plan, planText, randomPlan } from './actions';
import { Random } from './random';
import { play } from './sequence';
import { earlierRelease, synthesized } from '../rig/block';
import { describe as describeMember } from '../rig/member';
import { Members } from '../rig/members';

/** Plans follow from it; when what happens falls in time does not. */
const SEED = Number(process.env.RANDOM_SEED ?? Date.now() % 2 ** 31);
const COUNT = Number(process.env.MEMBERS_SEQUENCES ?? 20);
const ONLY = process.env.MEMBERS_SEQUENCE;

const sequences = ONLY === undefined ? Array.from({ length: COUNT }, (_, index) => index) : [Number(ONLY)];

/**
 * No claim loses a key that it once held unless a client deleted it. A write that WAIT confirmed is on the claims that
 * confirmed it, and were not lost. Members whose primary did not lose its claim end linked, from their first start on.
 */
test.concurrent.each(sequences)(`random sequence %i of RANDOM_SEED=${SEED}`, async (index) => {
  const plan = randomPlan(new Random(SEED, index));
  const members = await Members.create(synthesized({ directives: `rdb-key-save-delay ${plan.keyDelayMicros}\n` }));
  const started = Date.now();
  const told = `RANDOM_SEED=${SEED} MEMBERS_SEQUENCE=${index} npm run test:members -- search\n  ${planText(plan)}`;
  try {
    const { summary, faults } = await play(members, plan, new Random(SEED, index, 1));
    process.stdout.write(`sequence ${index}: ${summary}; ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  } catch (error) {
    (error as Error).message += `\n\nrepeat with ${told}\n\n${members.all.map(describeMember).join('\n\n')}`;
    throw error;
  } finally {
    await members.remove();
  }
});

test.concurrent('the search sees what it looks for, in a release that took silence for an empty claim', async () => {
  const plan: Plan = {
    order: [0, 1, 2],
    calm: true,
    keyDelayMicros: 0,
    rounds: [
      [
        { action: { what: 'names', member: 0, resolution: 'servfail' }, pauseMillis: 0 },
        { action: { what: 'lose', member: 0 }, pauseMillis: 5000 },
      ],
    ],
  };
  const members = await Members.create(earlierRelease());
  try {
    const { faults } = await play(members, plan, new Random(1));
    expect(faults).toEqual(
      expect.arrayContaining(
        [1, 2].map((ordinal) => expect.stringContaining(`app-upgraded-${ordinal} held 20 keys that are gone`)),
      ),
    );
  } finally {
    await members.remove();
  }
});
