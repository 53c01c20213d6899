import { type Check, that } from './checks';

/** Of patterns, of a shell and of templates: no URL has them in its path, but for `*`, which means itself there. */
const PATTERN = /[*{}[\]^|\\`<>"]|\/:|\$$/;

/** What to write in place of a path that no request has. */
function meantPath(path: unknown): string | undefined {
  if (typeof path !== 'string' || !path.startsWith('/')) return undefined;
  const cut = path.search(/[?#]/);
  if (cut > 0) return `Write '${path.slice(0, cut)}': ${path[cut] === '?' ? 'a query' : 'a fragment'} is no part of it`;
  const start = path.search(PATTERN);
  if (start < 0) return undefined;
  const above = path.slice(0, start + 1).replace(/\/[^/]*$/, '') || '/';
  return `Write '${above}': 'Prefix' matches all paths below it, and no pattern is known here`;
}

/** The path of a route, which is compared with the paths of requests as text. */
export const routePath: Check<string> = that(
  "a path that starts with '/', without spaces, '//', '..', '%2F', '?', '#' and patterns",
  (value) =>
    typeof value === 'string' &&
    /^\/[^\s?#]*$/.test(value) &&
    !PATTERN.test(value) &&
    !/\/\/|%2f|%(?![\da-f]{2})/i.test(value) &&
    !/(^|\/)\.{1,2}(\/|$)/.test(value),
  meantPath,
);

/** The path that a health check asks for, with a query where it has one. */
export const askedPath: Check<string> = that(
  "a path that starts with '/', without spaces, '#' and patterns",
  (value) => typeof value === 'string' && /^\/[^\s#]*$/.test(value) && !PATTERN.test(value.split('?')[0]),
);

/** Annotations by which cloud load balancers are told what to ask. */
export const HEALTH_CHECK_PATH = /(?:healthcheck|health-check|health-probe-request)-path$/;
