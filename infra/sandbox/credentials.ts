// What lies in the sandbox's folder beside its objects: CA, server certificate, token, kubeconfig.

import { randomBytes, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { newAuthority } from './certificate.ts';

export interface Credentials {
  readonly caFile: string;
  readonly ca: string;
  readonly serverKey: string;
  readonly serverCert: string;
  readonly token: string;
}

const RENEW_BEFORE_MS = 30 * 24 * 3600 * 1000;

/** Reads the credentials of an earlier run, or makes them. */
export async function credentialsIn(folder: string, now: Date): Promise<Credentials> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => path.join(folder, name);
  const known = await Promise.all(
    ['ca.crt', 'server.key', 'server.crt', 'token'].map((name) => text(file(name))),
  );
  const [ca = '', serverKey = '', serverCert = '', token = ''] = known;
  if (known.every((one) => one !== '') && lasts(serverCert, now) && lasts(ca, now)) {
    return { caFile: file('ca.crt'), ca, serverKey, serverCert, token: token.trim() };
  }
  const made = newAuthority(now);
  const fresh = token.trim() || randomBytes(32).toString('hex');
  await secret(file('ca.key'), made.ca.key);
  await secret(file('server.key'), made.server.key);
  await secret(file('server.crt'), made.server.cert);
  await secret(file('token'), `${fresh}\n`);
  // last: what is found by its name is complete
  await secret(file('ca.crt'), made.ca.cert);
  await chmod(file('ca.crt'), 0o644);
  return {
    caFile: file('ca.crt'),
    ca: made.ca.cert,
    serverKey: made.server.key,
    serverCert: made.server.cert,
    token: fresh,
  };
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''; // node's own error
    throw error;
  }
}

function lasts(cert: string, now: Date): boolean {
  try {
    return new X509Certificate(cert).validToDate.getTime() - now.getTime() > RENEW_BEFORE_MS;
  } catch {
    return false;
  }
}

async function secret(file: string, content: string): Promise<void> {
  await writeFile(`${file}.part`, content, { mode: 0o600 });
  await rename(`${file}.part`, file);
}

/** Writes D/kubeconfig (it holds the token) and gives its path. */
export async function writeKubeconfig(
  folder: string,
  url: string,
  { ca, token }: Credentials,
): Promise<string> {
  const name = 'sandbox';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  const file = path.join(folder, 'kubeconfig');
  await secret(file, `${JSON.stringify(config, null, 2)}\n`);
  return file;
}

/** The port in the kubeconfig of an earlier run; 0 without one. */
export async function lastPort(folder: string): Promise<number> {
  const config = await text(path.join(folder, 'kubeconfig'));
  return Number(/"server": "https:\/\/127\.0\.0\.1:(\d+)"/.exec(config)?.[1] ?? 0);
}
