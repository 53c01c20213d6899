import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEEN } from './golden-messages';

/** Before all tests: workers note the messages that they see. */
export default function setUp(): void {
  process.env[SEEN] = mkdtempSync(join(tmpdir(), 'messages-'));
}
