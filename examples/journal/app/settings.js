'use strict';

const MAX_ENTRIES_PER_PAGE = 100;

/**
 * @typedef {{ entriesPerPage: number }} Config
 * @typedef {{
 *   port: number, config: Config, burn: boolean,
 *   redis: { host: string, readHost: string, port: number, password: Buffer },
 * }} Settings
 */

/** What is wrong with the settings, in one line without a secret. */
class SettingsError extends Error {}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 */
function required(env, name) {
  const value = env[name];
  if (!value) throw new SettingsError(`${name} is not set`);
  return value;
}

/**
 * @param {string} name
 * @param {string} text
 */
function portOf(name, text) {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new SettingsError(`${name}: not a port`);
  return Number(text);
}

/**
 * @param {string} what
 * @param {string} path
 * @param {(path: string) => Buffer} readFile
 */
function contentOf(what, path, readFile) {
  try {
    return readFile(path);
  } catch (error) {
    throw new SettingsError(`${what} ${path}: ${/** @type {NodeJS.ErrnoException} */ (error).code ?? 'cannot be read'}`);
  }
}

/**
 * Other members are ignored: a configuration may be newer than the image.
 * @param {string} path
 * @param {string} text
 * @returns {Config}
 */
function configOf(path, text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SettingsError(`config ${path}: not JSON`);
  }
  const entriesPerPage = value?.entriesPerPage;
  if (!Number.isInteger(entriesPerPage) || entriesPerPage < 1 || entriesPerPage > MAX_ENTRIES_PER_PAGE) {
    throw new SettingsError(`config ${path}: entriesPerPage is not a whole number from 1 to ${MAX_ENTRIES_PER_PAGE}`);
  }
  return { entriesPerPage };
}

/**
 * Only the end of line that editors and `echo` add is no part of the password.
 * @param {Buffer} bytes
 */
function withoutEndOfLine(bytes) {
  return bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {(path: string) => Buffer} readFile
 * @returns {Settings}
 */
function readSettings(env, readFile) {
  const configFile = env.CONFIG_FILE || '/etc/journal/journal.json';
  const config = configOf(configFile, contentOf('config', configFile, readFile).toString());
  const passwordFile = required(env, 'REDIS_PASSWORD_FILE');
  const password = withoutEndOfLine(contentOf('password file', passwordFile, readFile));
  if (password.length === 0) throw new SettingsError(`password file ${passwordFile}: empty`);
  return {
    port: portOf('PORT', env.PORT || '8080'),
    config,
    burn: env.JOURNAL_BURN === '1',
    redis: {
      host: required(env, 'REDIS_HOST'),
      readHost: required(env, 'REDIS_READ_HOST'),
      port: portOf('REDIS_PORT', required(env, 'REDIS_PORT')),
      password,
    },
  };
}

module.exports = { readSettings, SettingsError };
