import type { Writable } from 'node:stream';

/** A reader such as `head` can go before the end. The work of a command goes on, without its words. */
export function surviveClosedPipes(...streams: Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
