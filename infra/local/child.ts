/** A process of the stack that ends with it: its standard input is a pipe which closes when we are gone, however we went. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface Child {
  readonly pid: number | undefined;
  /** Resolves with the first line of output that the pattern matches. */
  line(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

const STOP_MS = 5000;

/** Starts `node script args`. Its output goes to `logFile`. `onExit` hears of an end that nobody asked for. */
export function startChild(
  script: string,
  args: readonly string[],
  options: { readonly logFile: string; readonly onExit: (code: number | null) => void },
): Child {
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A terminal's Ctrl-C reaches only us: we end the others in order.
    detached: true,
  });
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  let output = '';
  let stopping = false;
  let ended = false;
  const waiting = new Set<() => void>();
  const exited = new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      ended = true;
      for (const look of waiting) look();
      resolve();
      if (!stopping) options.onExit(code);
    });
  });
  const take = (chunk: Buffer) => {
    log.write(chunk);
    output = (output + chunk.toString('utf8')).slice(-65_536);
    for (const look of waiting) look();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return {
    pid: child.pid,
    line: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const timer = setTimeout(
          () => finish(() => reject(new Error(`${script} was not ready in time`))),
          timeoutMs,
        );
        const look = () => {
          const match = pattern.exec(output);
          if (match !== null) finish(() => resolve(match));
          else if (ended) finish(() => reject(new Error(`${script} ended: ${output.trim().slice(-500)}`)));
        };
        waiting.add(look);
        look();
      }),
    async stop() {
      if (ended) return;
      stopping = true;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(timer);
      log.end();
    },
  };
}
