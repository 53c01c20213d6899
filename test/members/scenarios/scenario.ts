import { synthesized } from '../rig/block';
import { describe as describeMember, type Member } from '../rig/member';
import { Members } from '../rig/members';

/** A test that runs beside others, since most of it is waiting. It prints what the members held, and what they said. */
export function scenario(title: string, play: (stage: Stage) => Promise<void>): void {
  test.concurrent(title, async () => {
    const stage = new Stage();
    try {
      await play(stage);
      process.stdout.write(await stage.report(title));
    } catch (error) {
      (error as Error).message += `\n\n${stage.logs()}`;
      throw error;
    } finally {
      await stage.clear();
    }
  });
}

export class Stage {
  private sets: Members[] = [];
  private written: string[] = [];

  /** Members that are linked, and hold some keys. */
  public async linked(block = synthesized()): Promise<{ members: Members; keys: string[] }> {
    const members = await this.members(block);
    await members.start();
    await members.linked();
    return { members, keys: await this.write(members) };
  }

  /** Members of which none was started. */
  public async members(block = synthesized()): Promise<Members> {
    const members = await Members.create(block);
    this.sets.push(members);
    return members;
  }

  /** Writes keys that all members have then. */
  public async write(members: Members, count = 100): Promise<string[]> {
    const keys = Array.from({ length: count }, (_, index) => `key-${this.written.length + index}`);
    expect(await members.primary.ask(['MSET', ...keys.flatMap((key) => [key, 'x'])])).toEqual(['+OK']);
    await members.linked();
    this.written.push(...keys);
    return keys;
  }

  public async report(title: string): Promise<string> {
    const members = this.sets.flatMap(({ all }) => all);
    const lines = await Promise.all(members.map(async (member) => `  ${member.name}: ${await after(member)}`));
    return `\n${title}\n  keys written: ${this.written.length}\n${lines.join('\n')}\n`;
  }

  public logs(): string {
    return this.sets
      .flatMap(({ all }) => all)
      .map(describeMember)
      .join('\n\n');
  }

  public async clear(): Promise<void> {
    await Promise.all(this.sets.map((members) => members.remove()));
  }
}

/** How many of the keys each of the members has in its server. */
export async function kept(members: readonly Member[], keys: readonly string[]): Promise<number[]> {
  return Promise.all(
    members.map(async (member) => {
      const [reply] = await member.ask(['EXISTS', ...keys]);
      return Number(/^:(\d+)$/.exec(reply ?? '')?.[1] ?? NaN);
    }),
  );
}

/** How many of the keys are on their claims. */
export async function keptOnClaims(members: readonly Member[], keys: readonly string[]): Promise<number[]> {
  return Promise.all(
    members.map(async ({ claim }) => {
      const held = await claim.keys();
      return keys.filter((key) => held.has(key)).length;
    }),
  );
}

/** What docs/redis.md tells to do when the primary lost its claim: it gets that of a replica, while no member runs. */
export async function restorePrimary(members: Members, from: Member): Promise<void> {
  await members.stop();
  members.primary.claim.restore(from.claim.snapshot(), ['appendonlydir', 'dataset']);
  await members.start();
}

async function after(member: Member): Promise<string> {
  const said = [...member.reasons.slice(-1), ...member.events.slice(-1).map((event) => `event: ${event}`)];
  const keys = (await member.claim.keys()).size;
  return [
    `${keys} keys on its claim, shows ${await member.shows()}, ${member.ready ? 'ready' : 'not ready'}`,
    ...said,
  ].join('\n    ');
}
