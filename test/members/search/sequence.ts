import { setTimeout as sleep } from 'node:timers/promises';
import { type Action, losesPrimary, type Plan } from './actions';
import { Client, observe } from './client';
import { followGuide } from './guide';
import { Ledger } from './ledger';
import type { Random } from './random';
import { eventually } from '../../rig/processes';
import type { Members } from '../rig/members';

export interface Outcome {
  /** In words. */
  readonly summary: string;
  /** What is wrong; nothing when all is well. */
  readonly faults: readonly string[];
}

/** Plays a plan, and looks at what the claims hold. */
export async function play(members: Members, plan: Plan, random: Random): Promise<Outcome> {
  const ledger = new Ledger(members.all);
  const client = new Client(members, ledger);
  for (const ordinal of plan.order) {
    await members.all[ordinal].start();
    await sleep(random.integer(0, 800));
  }
  if (plan.calm) await members.linked();
  const faults: string[] = [];
  for (const [number, steps] of plan.rounds.entries()) {
    const observer = new Observer(members, ledger);
    try {
      if (number > 0 || plan.calm) await client.confirm(20);
      for (const { action, pauseMillis } of steps) {
        await act(action, members, client, random);
        await sleep(pauseMillis);
      }
      await heal(members);
      await (losesPrimary(steps) ? settled(members) : members.linked(90));
    } finally {
      await observer.stop();
    }
    const last = number === plan.rounds.length - 1;
    if (last || losesPrimary(steps)) {
      await members.complete();
      await members.stop(0);
      faults.push(...ledger.missing(await Promise.all(members.all.map(({ claim }) => claim.keys()))));
    }
    if (losesPrimary(steps)) faults.push(...(await guided(members)));
    if (faults.length > 0) break;
  }
  return { summary: ledger.size, faults };
}

async function act(action: Action, members: Members, client: Client, random: Random): Promise<void> {
  const { all, network } = members;
  switch (action.what) {
    case 'write':
      await client.write(action.count);
      return;
    case 'confirm':
      await client.confirm(action.count);
      return;
    case 'delete':
      await client.delete(action.count, random);
      return;
    case 'flood':
      await client.write(action.count, 'x'.repeat(100_000));
      return;
    case 'restart':
      await all[action.member].restart(action);
      return;
    case 'kill':
      await all[action.member].kill();
      return;
    case 'kill all':
      await Promise.all(all.map((member) => member.kill()));
      return;
    case 'lose':
      await all[action.member].lose();
      return;
    case 'freeze':
      all[action.member].freeze();
      return;
    case 'thaw':
      all[action.member].thaw();
      return;
    case 'isolate':
      await all[action.member].isolate();
      return;
    case 'join':
      await all[action.member].join();
      return;
    case 'cut':
      await network.cut(...action.pair);
      return;
    case 'mend':
      await network.mend(...action.pair);
      return;
    case 'names':
      all[action.member].resolution = action.resolution;
  }
}

async function heal(members: Members): Promise<void> {
  await members.network.heal();
  for (const member of members.all) {
    member.thaw();
    member.resolution = 'works';
  }
}

/** Waits until nothing changes any more: members are ready, or wait for a person. */
async function settled(members: Members): Promise<void> {
  const look = async (): Promise<string> =>
    JSON.stringify(
      await Promise.all(
        members.all.map(async (member) =>
          member.ready ? 'ready' : [await member.shows(), member.reasons.at(-1), member.events.at(-1)],
        ),
      ),
    );
  let [last, since] = ['', Date.now()];
  await eventually(
    'nothing changes any more',
    async () => {
      const now = await look();
      if (now !== last) [last, since] = [now, Date.now()];
      if (Date.now() - since < 6000) throw new Error(now);
    },
    90,
  );
}

/** The guide gets all members to work again, with all keys of the claim that counts. */
async function guided(members: Members): Promise<string[]> {
  try {
    const keys = await followGuide(members);
    const held = await Promise.all(members.all.map(async (member) => new Set((await member.observe())?.keys)));
    return members.all.flatMap(({ name, ordinal }) => {
      const gone = [...keys].filter((key) => !held[ordinal].has(key));
      return gone.length === 0 ? [] : [`after the guide was followed, ${name} lacks ${gone.slice(0, 10).join(' ')}`];
    });
  } catch (error) {
    return [`following the guide: ${(error as Error).message}`];
  }
}

/** Looks all the time at what the members hold. */
class Observer {
  private stopped = false;
  private readonly work: Promise<unknown>;

  public constructor(members: Members, ledger: Ledger) {
    this.work = Promise.all(
      members.all.map(async (member) => {
        while (!this.stopped) {
          await observe(member, ledger);
          await sleep(400);
        }
      }),
    );
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.work;
  }
}
