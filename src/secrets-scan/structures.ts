import { isPlaceholder } from './values';

/** A notation with a fixed place for a credential, whatever its value and name. */
interface Structure {
  readonly what: string;
  /** A quick test: most texts do not match it. */
  readonly hint: RegExp;
  /**
   * Bounded, since it searches large files. The matching group is the credential; without groups, the whole match.
   */
  readonly pattern: RegExp;
  readonly accepts?: (credential: string, text: string) => boolean;
}

/** A credential and its position. */
export interface Found {
  readonly what: string;
  readonly at: number;
}

const MYSQL = 'm(?:ysql|ariadb)(?:admin|check|dump|import|show|slap|-admin|-check|-dump|-import|-show|-slap)?';
const QUOTE = '["\'`]?';

const STRUCTURES: readonly Structure[] = [
  {
    what: 'a private key',
    hint: /PRIVATE KEY/,
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/dg,
  },
  {
    what: 'a URL with a password',
    hint: /:\/\//,
    // the user is optional
    pattern: /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,100}:([^\s/@?#]{1,200})@/dgi,
  },
  {
    what: 'an address with a password',
    hint: /@(?:tcp|udp|unix)\(/,
    pattern: /(?:^|[\s"'=])[^\s:@/]{1,100}:([^\s@]{1,200})@(?:tcp|udp|unix)\(/dg,
  },
  {
    what: 'an Authorization header',
    hint: /authorization/i,
    pattern: new RegExp(
      '\\bauthorization["\']?(?:[^\\S\\n]*[:=]|[^\\S\\n]+(?=["\']))[^\\S\\n]*["\']?' +
        '(?:basic|bearer|token)[^\\S\\n]+([^\\s"\',;]{3,2000})',
      'dgi',
    ),
  },
  {
    what: 'a credential of an npm registry',
    hint: /:_/,
    pattern: /^[^\S\n]*\/\/[^\s=]{1,200}:_(?:auth|authToken|password)[^\S\n]*=[^\S\n]*([^\s"']{3,2000})/dgm,
  },
  {
    what: 'a credential of a registry',
    hint: /"auth"/,
    pattern: /"auth"\s{0,20}:\s{0,20}"([A-Za-z0-9+/]{6,2000}={0,2})"/dg,
    accepts: (credential) => /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(credential, 'base64').toString('latin1')),
  },
  {
    what: 'a credential of a kubeconfig',
    hint: /kind["']?:\s{0,20}["']?Config\b/,
    pattern: /^[^\S\n]*(?:-[^\S\n]+)?["']?(?:token|password|client-key-data)["']?:[^\S\n]*["']?([^\s"',]{3,8000})/dgm,
    accepts: (credential, text) => /\busers\b/.test(text) && !isPlaceholder(credential),
  },
  {
    what: 'an account key of Azure',
    hint: /AccountKey|SharedAccessKey|SharedAccessSignature/i,
    pattern: /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)\s{0,5}=\s{0,5}([^\s;"']{8,500})/dgi,
  },
  {
    what: 'a connection string with a password',
    hint: /(?:password|pwd)\s*=/i,
    pattern: new RegExp(
      '\\b(?:server|data source|host|hostname|address|addr|network address)\\s?=[^;=\\n"\']{1,200};' +
        '(?:[^;=\\n"\']{1,100}=[^;\\n"\']{0,200};){0,120}\\s?(?:password|pwd)\\s?=\\s?([^;\\s"\']{1,200})',
      'dgi',
    ),
  },
  {
    what: 'a password of Redis',
    hint: /requirepass|masterauth|redis-cli/i,
    pattern: new RegExp(
      `(?:^[^\\S\\n]{0,20}|\\s--|^--)(?:requirepass|masterauth)(?:[^\\S\\n]+|=)${QUOTE}([^\\s"'\`]{1,200})` +
        `|\\bredis-cli\\b(?:[^\\n|;&]{0,200}\\s)?(?:-a|--pass)\\s+${QUOTE}([^\\s"'\`]{1,200})`,
      'dgm',
    ),
  },
  {
    what: 'a password of a MySQL client',
    hint: /-p/,
    // `-p` alone prompts for it, and the next word is a database
    pattern: new RegExp(`(?:^|[\\s/;&|("'\`])${MYSQL}\\s(?:[^\\n|;&]{0,300}\\s)?-p${QUOTE}([^\\s"'\`]{1,200})`, 'dgm'),
  },
  {
    what: 'a password in SQL',
    hint: /identified|password/i,
    pattern: new RegExp(
      "\\bidentified\\s{1,20}(?:with\\s{1,20}\\S{1,60}\\s{1,20})?by\\s{1,20}(?:password\\s{1,20})?'([^'\\n]{1,200})'" +
        "|\\b(?:create|alter)\\s{1,20}(?:user|role)\\s[^;']{1,200}\\bpassword\\s{1,20}'([^'\\n]{1,200})'",
      'dgi',
    ),
  },
  {
    what: 'a password on a command line',
    hint: /curl|sshpass/,
    pattern: new RegExp(
      `\\bcurl\\b(?:[^\\n|;]{0,400}\\s)?(?:-u|--user)(?:\\s{1,5}|=)${QUOTE}[^\\s:"'\`]{1,100}:([^\\s"'\`]{1,200})` +
        `|\\bsshpass\\s{1,5}-p\\s{0,5}${QUOTE}([^\\s"'\`]{1,200})`,
      'dg',
    ),
  },
];

function isNoPlaceholder(credential: string): boolean {
  return !isPlaceholder(credential);
}

/** The first credential in a text with a place in a notation. */
export function structureIn(text: string): Found | undefined {
  for (const { what, hint, pattern, accepts = isNoPlaceholder } of STRUCTURES) {
    if (!hint.test(text)) continue;
    for (const match of text.matchAll(pattern)) {
      const group = match.findIndex((part, index) => index > 0 && part !== undefined);
      if (group === -1) return { what, at: match.index };
      if (accepts(match[group], text)) return { what, at: match.indices![group][0] };
    }
  }
  return undefined;
}
