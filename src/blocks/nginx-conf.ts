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
 * nginx without root: it writes only to /tmp, and logs go to the container output.
 *
 * - Content behind a name with a hash never changes, and browsers may cache it for a year. Other files are revalidated
 *   each time and answered with 304 by ETag.
 * - Redirects, such as for a directory without its final slash, keep the scheme, host and port of the client. nginx
 *   knows only its own, behind the Service and the router.
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
    "~[.-][0-9a-f]{8,64}\\.[a-z0-9]+$" "public, max-age=31536000, immutable";
  }

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

    location / {
      try_files $uri $uri/ ${fallback ?? '=404'};
    }
  }
}
`;
}
