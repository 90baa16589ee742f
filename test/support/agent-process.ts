/** The agent as a process of its own, as it runs in a cluster. */
import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), 'agent/main.ts');

export interface AgentProcess {
  /** Everything that it has said. */
  output(): string;
  /** Ends it as a container's end does; answers the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  readonly ended: Promise<number | null>;
}

export function startAgent(options: {
  readonly hub: string;
  readonly state: string;
  readonly kubeconfig: string;
  readonly token?: string;
  readonly more?: readonly string[];
}): AgentProcess {
  const { hub, state, kubeconfig, token, more = ['--beat', '0.2'] } = options;
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--no-warnings',
      main,
      '--hub',
      hub,
      '--state',
      state,
      '--kubeconfig',
      kubeconfig,
      '--with-parent',
      ...more,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, MAINSHEET_ENROL_TOKEN: token } },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  return {
    output: () => output,
    ended,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
