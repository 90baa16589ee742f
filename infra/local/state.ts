/**
 * The state folder of the local stack. `keys.json` (mode 0600) holds every secret and is the same after a restart;
 * a lock file keeps two stacks off one folder.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** A reason not to start that the user can mend; one sentence. */
export class StartFailure extends Error {}

const keysSchema = z.object({
  v: z.literal(1),
  hubId: z.string(),
  operatorKey: z.string().min(32),
  dataKey: z.string().min(43),
  signing: z.object({ keyId: z.string(), publicKey: z.string(), privateKey: z.string() }),
  /** Of the first tenant, once it is made. */
  tenantKey: z.string().optional(),
});
export type Keys = z.infer<typeof keysSchema>;

export interface State {
  readonly directory: string;
  keys: Keys;
  save(keys: Keys): void;
  close(): void;
}

function freshKeys(): Keys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  return {
    v: 1,
    hubId: `local-${randomBytes(6).toString('hex')}`,
    operatorKey: `mso_${randomBytes(32).toString('base64url')}`,
    dataKey: randomBytes(32).toString('base64url'),
    signing: {
      keyId: `key-${randomBytes(4).toString('hex')}`,
      publicKey: raw,
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
    },
  };
}

function write(path: string, keys: Keys): void {
  const next = `${path}.next`;
  writeFileSync(next, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, path);
}

function read(path: string): Keys {
  try {
    return keysSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new StartFailure(`${path} cannot be read as keys; restore it, or begin anew with --reset.`);
  }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

function lock(path: string): void {
  const holder = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  if (holder > 0 && holder !== process.pid && alive(holder)) {
    throw new StartFailure(
      `Another Mainsheet (process ${holder}) uses this state folder; stop it, or name another by --state.`,
    );
  }
  writeFileSync(path, String(process.pid));
}

/** Opens the folder, making it and its keys where there are none. Throws StartFailure. */
export function openState(directory: string, reset: boolean): State {
  const root = resolve(directory);
  const lockFile = join(root, 'lock');
  try {
    if (reset && existsSync(root)) {
      lock(lockFile);
      rmSync(root, { recursive: true });
    }
    mkdirSync(root, { recursive: true, mode: 0o700 });
    lock(lockFile);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw new StartFailure(
      `The state folder ${root} cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const path = join(root, 'keys.json');
  if (!existsSync(path) && existsSync(join(root, 'store'))) {
    throw new StartFailure(
      `${path} is missing but there is a store that it opens; restore it, or begin anew with --reset.`,
    );
  }
  if (!existsSync(path)) write(path, freshKeys());
  const state: State = {
    directory: root,
    keys: read(path),
    save(keys) {
      write(path, keys);
      state.keys = keys;
    },
    close() {
      rmSync(lockFile, { force: true });
    },
  };
  return state;
}
