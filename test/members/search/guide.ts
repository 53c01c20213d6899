import type { Member } from '../rig/member';
import type { Members } from '../rig/members';

const idOf = ({ claim }: Member): string | undefined => claim.read('dataset') ?? claim.read('joining');

/**
 * What docs/redis.md tells a person to do where members wait. Gives the keys that all members must have then: those of
 * the claim that counts.
 */
export async function followGuide(members: Members): Promise<Set<string>> {
  await members.stop();
  const { primary, replicas } = members;
  const hasData = primary.claim.files.includes('appendonlydir');
  if (!hasData) {
    // "To keep the data": the replica that got furthest. One that never had all data is no source
    const sources = await Promise.all(
      replicas
        .filter(({ claim }) => claim.read('dataset') !== undefined)
        .map(async (replica) => ({ replica, keys: await replica.claim.keys() })),
    );
    const [source] = sources.sort((a, b) => b.keys.size - a.keys.size);
    if (source !== undefined) primary.claim.restore(source.replica.claim.snapshot(), ['appendonlydir', 'dataset']);
  }
  // "A replica does not follow", and "To accept the loss" where there is no source
  for (const replica of replicas) {
    if (idOf(replica) !== idOf(primary)) replica.claim.empty();
  }
  const keys = await primary.claim.keys();
  await members.start();
  await members.linked();
  return keys;
}
