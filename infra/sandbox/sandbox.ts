// The sandbox: a small Kubernetes API server with controllers, for trying things out and for tests.

import path from 'node:path';
import { startControllers } from './controllers/controllers.ts';
import { credentialsIn, lastPort, writeKubeconfig } from './credentials.ts';
import { ApiServer } from './http/server.ts';
import { lockFolder } from './lock.ts';
import { Resources } from './registry/resources.ts';
import { DEFAULT_LIMITS, type Limits, Store } from './store/store.ts';

export interface SandboxOptions {
  /** keeps the objects, keys and token; made if it is not there */
  readonly directory: string;
  /** 0 or absent: the port of the last run if it is free, else any */
  readonly port?: number;
  /** how long a pod takes to be ready, in milliseconds; 500 if absent */
  readonly podDelayMs?: number;
  /** users that may be impersonated; absent: any */
  readonly impersonable?: readonly string[];
  /** how much it holds and remembers; absent: 200 MiB of objects, 20 000 changes */
  readonly limits?: Partial<Limits>;
}

export interface Sandbox {
  /** path of a kubeconfig with full rights */
  readonly kubeconfig: string;
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
  /** Stops serving; everything stays on disk. */
  close(): Promise<void>;
}

export const DEFAULT_POD_DELAY_MS = 500;

/** Starts a sandbox on 127.0.0.1. Throws when its folder is in use or damaged, or the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const folder = path.resolve(options.directory);
  const credentials = await credentialsIn(folder, new Date());
  // undone in reverse, on close and when the start fails
  const undo: (() => void | Promise<void>)[] = [await lockFolder(folder)];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const store = await Store.open(path.join(folder, 'objects'), { ...DEFAULT_LIMITS, ...options.limits });
    undo.push(() => store.close());
    const cluster = { store, resources: new Resources(), now: () => new Date() };
    const access = { token: credentials.token, impersonable: options.impersonable };
    const server = new ApiServer(cluster, access, {
      key: credentials.serverKey,
      cert: credentials.serverCert,
    });
    const port = await listen(server, options.port ?? 0, await lastPort(folder));
    undo.push(() => server.close());
    const podDelayMs = options.podDelayMs ?? DEFAULT_POD_DELAY_MS;
    undo.push(startControllers(cluster, { podDelayMs, ca: credentials.ca }));
    const url = `https://127.0.0.1:${port}`;
    const kubeconfig = await writeKubeconfig(folder, url, credentials);
    await store.durable();
    return { kubeconfig, url, caFile: credentials.caFile, token: credentials.token, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A free port means first the one of the last run: clients that know it find the sandbox again. */
async function listen(server: ApiServer, port: number, last: number): Promise<number> {
  if (port === 0 && last !== 0) {
    try {
      return await server.listen(last);
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error;
    }
  }
  try {
    return await server.listen(port);
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE')
      throw new Error(`port ${port} is taken: choose another, or 0 for any`);
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
