/**
 * Time passes faster here where its length has no meaning: periods of probes, and how long Redis waits before it gives
 * up a link or begins a copy. Time limits of the scripts and of the probes stay, as they must fit each other.
 */
const PACE = 4;

export const paced = (seconds: number): number => seconds / PACE;

/** redis.conf with directives of that kind at its end, where they win. */
export function hastened(redisConf: string): string {
  return `${redisConf}repl-timeout 5\nrepl-ping-replica-period 1\nrepl-diskless-sync-delay 1\n`;
}
