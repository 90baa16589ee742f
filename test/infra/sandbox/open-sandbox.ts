// A sandbox in a folder of its own, for one test file.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SandboxOptions, startSandbox } from '../../../infra/sandbox/sandbox.ts';
import { type Answer, accessFrom, KubeHttp } from '../../contract/kube-http.ts';

export interface OpenSandbox {
  readonly directory: string;
  readonly kubeconfig: string;
  readonly http: KubeHttp;
  close(): Promise<void>;
  /** Stops it and leaves its folder. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function openSandbox(options: Partial<SandboxOptions> = {}): Promise<OpenSandbox> {
  const directory = options.directory ?? mkdtempSync(path.join(tmpdir(), 'sandbox-test-'));
  const sandbox = await startSandbox({ podDelayMs: 30, ...options, directory });
  const http = new KubeHttp(accessFrom(sandbox.kubeconfig));
  const stop = async () => {
    http.close();
    await sandbox.close();
  };
  const remove = async () => rmSync(directory, { recursive: true, force: true });
  return {
    directory,
    kubeconfig: sandbox.kubeconfig,
    http,
    stop,
    remove,
    close: async () => {
      await stop();
      if (options.directory === undefined) await remove();
    },
  };
}

/** Asks until the answer is as wanted. */
export async function until(
  http: KubeHttp,
  at: string,
  wanted: (answer: Answer) => boolean,
): Promise<Answer> {
  let answer = await http.ask('GET', at);
  for (let tries = 0; tries < 400 && !wanted(answer); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    answer = await http.ask('GET', at);
  }
  if (!wanted(answer))
    throw new Error(`${at} never came to be as wanted: ${JSON.stringify(answer.body).slice(0, 2000)}`);
  return answer;
}
