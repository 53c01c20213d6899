import type { Writable } from 'node:stream';

/** A reader such as `head` can leave before the end. The command continues without output. */
export function surviveClosedPipes(...streams: Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
