import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from './cluster';
import { STATE } from './places';
import { secret } from './workbench';
import { run } from '../../rig/processes';

/** A key and its certificate, in PEM. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/** A certificate of one host that signs itself: nobody issues certificates here. */
export async function selfSigned(host: string): Promise<KeyPair> {
  const folder = mkdtempSync(join(STATE, 'certificate-'));
  const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    `/CN=${host}`,
    '-addext',
    `subjectAltName=DNS:${host}`,
    '-keyout',
    key,
    '-out',
    certificate,
  ]);
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}

/** The Secret with a certificate. */
export function certificateSecret(namespace: string, name: string, { key, certificate }: KeyPair): Manifest {
  return secret(namespace, name, { 'tls.crt': certificate, 'tls.key': key }, 'kubernetes.io/tls');
}
