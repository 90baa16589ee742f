/** `npm start` as a user runs it, in a process of its own, and a small client for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const START_MS = 90_000;

export interface LocalStack {
  readonly url: string;
  readonly key: string;
  readonly operatorKey: string;
  readonly cluster: string;
  readonly stateDirectory: string;
  readonly pid: number;
  /** Ends it as Ctrl-C does; answers the exit code. */
  stop(): Promise<number | null>;
  /** Ends every process of it at once, without a chance to tidy up. */
  kill(): Promise<void>;
}

export interface StackSettings {
  readonly stateDirectory: string;
  readonly kubeconfig?: string | undefined;
  readonly reset?: boolean;
}

/** Processes below one, deepest last, from /proc. */
export function descendants(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // The process ended while we looked.
    }
  }
  const found: number[] = [];
  const walk = (parent: number) => {
    for (const child of children.get(parent) ?? []) {
      found.push(child);
      walk(child);
    }
  };
  walk(pid);
  return found;
}

export const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** What a process was started with, as far as it still tells. */
export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return String(pid);
  }
};

export const temporaryState = (): string => mkdtempSync(join(tmpdir(), 'mainsheet-state-'));
export const removeState = (directory: string): void => rmSync(directory, { recursive: true, force: true });

/** Starts the stack on a free port and waits until it serves. */
export async function startStack({ stateDirectory, kubeconfig, reset }: StackSettings): Promise<LocalStack> {
  const { KUBECONFIG: _, ...environment } = process.env;
  const child: ChildProcess = spawn(
    process.execPath,
    [
      ...['--no-warnings', join(root, 'infra/start.ts'), '--port', '0', '--json', '--state', stateDirectory],
      ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
      ...(reset === true ? ['--reset'] : []),
    ],
    { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const line = await new Promise<string>((resolveLine, reject) => {
    const timer = setTimeout(() => reject(new Error(`not started in time: ${errors}`)), START_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const end = output.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolveLine(output.slice(0, end));
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code}: ${errors}`));
    });
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const facts = JSON.parse(line) as { url: string; key: string; operatorKey: string; cluster: string };
  const gone = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
  return {
    ...facts,
    stateDirectory,
    pid: child.pid ?? 0,
    stop() {
      child.kill('SIGINT');
      return gone;
    },
    async kill() {
      const pid = child.pid ?? 0;
      const all = [pid, ...descendants(pid)];
      for (const one of all) {
        try {
          process.kill(one, 'SIGKILL');
        } catch {
          // It ended first.
        }
      }
      await gone;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The shape is what the test asserts.
  readonly body: Record<string, unknown>;
}

/** One request with a key. */
export async function call(
  url: string,
  key: string | null,
  init: RequestInit & { readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    ...init,
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...init.headers },
  });
  const text = await response.text();
  const json = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

/** Looks again and again until it holds; the last look's answer is in the error where it never does. */
export async function eventually<T>(
  look: () => Promise<T>,
  holds: (value: T) => boolean,
  ms = 60_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > end)
      throw new Error(`never came true; last seen: ${JSON.stringify(value)?.slice(0, 2000)}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}
