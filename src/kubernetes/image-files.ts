import { dirname } from 'node:path/posix';

/** Directories at which nearly every image has files that it needs. A volume there hides them all. */
const OF_IMAGES = new Set([
  ...['/', '/bin', '/boot', '/dev', '/etc', '/home', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/proc', '/root'],
  ...['/run', '/sbin', '/sys', '/usr', '/var'],
  ...['/etc/apk', '/etc/apt', '/etc/ca-certificates', '/etc/nginx', '/etc/pki', '/etc/ssl', '/etc/ssl/certs'],
  ...['/usr/bin', '/usr/include', '/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libexec', '/usr/libx32', '/usr/sbin'],
  ...['/usr/share', '/usr/share/ca-certificates', '/usr/share/zoneinfo', '/usr/src'],
  ...['/usr/local', '/usr/local/bin', '/usr/local/etc', '/usr/local/lib', '/usr/local/lib64', '/usr/local/sbin'],
  ...['/usr/local/share', '/var/lib', '/var/run', '/var/run/secrets'],
]);

/** Of these, what is empty in images, and what processes write to. */
const FOR_RUNTIME = new Set(['/run', '/var/run']);

/** Where images have an application, by the guides of their bases and of build packs. */
const OF_APPS = new Set([
  ...['/app', '/app/src', '/application', '/code', '/deployments', '/function', '/project', '/site', '/src', '/srv'],
  ...['/usr/app', '/usr/app/src', '/web', '/work', '/workdir', '/workspace', '/www', '/srv/app', '/srv/www'],
  ...['/usr/local/apache2/htdocs', '/usr/local/tomcat', '/usr/local/tomcat/webapps', '/usr/share/nginx/html'],
  ...['/var/task', '/var/www', '/var/www/html'],
]);

/** Each directory in these belongs to one application, library or user. */
const PARENTS_OF_APPS = new Set([
  ...['/home', '/lib', '/opt', '/usr/lib', '/usr/local/lib', '/usr/local/share', '/usr/share', '/usr/src'],
]);

/** Whether a volume at the path is known to hide files of the image. */
export function hidesImageFiles(path: string): boolean {
  return OF_IMAGES.has(path);
}

/** The same of an empty directory to write to. */
export function emptiesImageFiles(path: string): boolean {
  return OF_IMAGES.has(path) && !FOR_RUNTIME.has(path);
}

/** Whether images may have an application, or a part of one, at the path. */
export function mayHideImageFiles(path: string): boolean {
  return (OF_APPS.has(path) || PARENTS_OF_APPS.has(dirname(path))) && !OF_IMAGES.has(path);
}

/** The same of an empty directory, which is no configuration either: `/etc/shop` then has no files any more. */
export function mayEmptyImageFiles(path: string): boolean {
  return mayHideImageFiles(path) || (dirname(path) === '/etc' && !OF_IMAGES.has(path));
}
