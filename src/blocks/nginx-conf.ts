export const PORT = 8080;
export const HEALTH_PATH = '/healthz';

export interface NginxSettings {
  /** Directory of the files. */
  readonly root: string;
  /** File for paths without a file; without it, they return 404. */
  readonly fallback?: string;
  readonly ipv6: boolean;
}

/**
 * What browsers must know by its type, and nginx 1.28 does not: it sends these as application/octet-stream, and with
 * `nosniff` no browser runs such a module, or shows such an image.
 *
 * @see https://github.com/nginx/nginx/blob/release-1.28.0/conf/mime.types
 */
const MORE_TYPES: Readonly<Record<string, string>> = {
  'text/javascript': 'mjs cjs',
  'text/markdown': 'md',
  'text/csv': 'csv',
  'text/vtt': 'vtt',
  'text/calendar': 'ics',
  'application/json': 'map',
  'application/ld+json': 'jsonld',
  'application/geo+json': 'geojson',
  'application/manifest+json': 'webmanifest',
  'application/yaml': 'yaml yml',
  'application/wasm': 'wasm',
  'application/dash+xml': 'mpd',
  'image/apng': 'apng',
  'image/avif': 'avif',
  'image/jxl': 'jxl',
  'font/otf': 'otf',
  'font/ttf': 'ttf',
  'font/woff2': 'woff2',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'audio/opus': 'opus',
  'audio/wav': 'wav',
  'video/ogg': 'ogv',
  'model/gltf-binary': 'glb',
  'model/gltf+json': 'gltf',
};

const MORE_EXTENSIONS = Object.values(MORE_TYPES).join(' ').split(' ');

/** What a page loads. With a fallback, a page in place of one of these is an error that nobody sees. */
const ASSETS = [
  ...['js', 'css', 'json', 'xml', 'txt', 'pdf', 'zip', 'gz', 'br', 'woff', 'eot', 'ico', 'png', 'gif', 'jpe?g', 'webp'],
  ...['svgz?', 'bmp', 'tiff?', 'mp3', 'mp4', 'm4a', 'm4v', 'webm', 'ogg', 'mov', 'm3u8', 'ts', 'swf'],
];

/** What bundlers put a hash of the content into the name of. A page never is. */
const HASHED = String.raw`(?:\.(?!html?\b)[a-z0-9]{1,11}){1,3}$`;

/**
 * Names that bundlers make anew for each content. Hashes are told from words, numbers and dates: `report-20240101.js`
 * and `my-calendar.js` may change.
 *
 * - webpack, Parcel, Next.js, Rollup before 4: 8 digits of hex or more, with letters and digits.
 * - esbuild and Angular: 8 of upper case and digits, with both.
 * - Vite and Rollup 4: 8 of base64url, in which case or kind changes as in no word.
 * - What Next.js and SvelteKit say themselves never changes.
 */
const IMMUTABLE = [
  String.raw`[.-](?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{8,64}${HASHED}`,
  String.raw`/(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{16,64}${HASHED}`,
  String.raw`-(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{8}\.(?:m?js|css)(?:\.map)?$`,
  String.raw`/(?:_nuxt|_astro|assets)/(?=[\w-]*(?:\d[A-Za-z]|[a-z][A-Z](?![a-z])))[\w-]{8}${HASHED}`,
  String.raw`[.-](?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*(?:\d[A-Za-z]|[a-z][A-Z](?![a-z])))[\w-]{8}${HASHED}`,
  String.raw`^/(?:.*/)?(?:_next/static|_app/immutable)/`,
];

/**
 * nginx without root: it writes only to /tmp, and logs go to the container output.
 *
 * - A name with a hash in it never changes its content, so browsers may keep the file for a year. All else is asked
 *   for again each time, and answered 304 by its ETag.
 * - The fallback answers for pages alone. A script of the last release that is gone answers 404: HTML in its place is
 *   a white page, and in caches.
 * - What it redirects, such as a directory without the slash at its end, stays on the scheme, the host and the port of
 *   the client. nginx knows its own only, which are those behind the Service and the router.
 */
export function nginxConf({ root, fallback, ipv6 }: NginxSettings): string {
  return `worker_processes 2;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;

events {
  worker_connections 1024;
}

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log /dev/stdout;
  server_tokens off;
  absolute_redirect off;
  sendfile on;
  gzip on;
  gzip_types text/css text/javascript application/javascript application/json image/svg+xml;

  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  map $uri $cache_control {
    default "no-cache";
${IMMUTABLE.map((pattern) => `    "~${pattern}" "public, max-age=31536000, immutable";\n`).join('')}  }

  server {
    listen ${PORT};${ipv6 ? `\n    listen [::]:${PORT};` : ''}
    root ${root};
    index index.html;
    add_header Cache-Control $cache_control;
    add_header X-Content-Type-Options nosniff;

    location = ${HEALTH_PATH} {
      access_log off;
      default_type text/plain;
      return 200 "ok";
    }

    # in none of nginx's own lists, or not in old ones
    location ~* \\.(?:${MORE_EXTENSIONS.join('|')})$ {
      types {
${Object.entries(MORE_TYPES)
  .map(([type, extensions]) => `        ${type} ${extensions};\n`)
  .join('')}      }
      try_files $uri =404;
    }
${fallback === undefined ? '' : assets()}
    location / {
      try_files $uri $uri/ ${fallback ?? '=404'};
    }
  }
}
`;
}

function assets(): string {
  return `
    location ~* \\.(?:${ASSETS.join('|')})$ {
      try_files $uri =404;
    }
`;
}
