'use strict';

// The entries are one list that only grows: entry n is at index n - 1, so one command stores an entry and gives its id,
// and no id is given twice. Pages near the end of the list, the newest, are the cheap ones.

const KEY = 'journal:entries';

/** @typedef {{ id: number, text: string }} Entry */

/**
 * The indexes of a page, newest entries first; undefined when it is after the last page.
 * @param {number} total
 * @param {number} page from 1
 * @param {number} size
 */
function rangeOf(total, page, size) {
  const last = total - (page - 1) * size - 1;
  return last < 0 ? undefined : { first: Math.max(0, last - size + 1), last };
}

/**
 * @param {import('./redis-client').RedisClient} primary
 * @param {Buffer} text
 * @returns {Promise<number>} the id
 */
async function addEntry(primary, text) {
  return Number(await primary.send('RPUSH', KEY, text));
}

/**
 * An entry that is added between the two commands does not move the page: indexes count from the oldest.
 * @param {import('./redis-client').RedisClient} reader
 * @param {number} page
 * @param {number} size
 * @returns {Promise<Entry[]>}
 */
async function pageOfEntries(reader, page, size) {
  const range = rangeOf(Number(await reader.send('LLEN', KEY)), page, size);
  if (!range) return [];
  const texts = /** @type {Buffer[]} */ (await reader.send('LRANGE', KEY, range.first, range.last));
  return texts.map((text, index) => ({ id: range.first + index + 1, text: text.toString() })).reverse();
}

/**
 * @param {import('./redis-client').RedisClient} reader
 * @param {number} id
 * @returns {Promise<Entry | undefined>}
 */
async function entryOf(reader, id) {
  const text = /** @type {Buffer | null} */ (await reader.send('LINDEX', KEY, id - 1));
  return text ? { id, text: text.toString() } : undefined;
}

module.exports = { addEntry, entryOf, pageOfEntries, rangeOf };
