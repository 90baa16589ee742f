/** The local stack of a benchmark, on the sandbox or on the cluster of MAINSHEET_TEST_KUBECONFIG. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';
import { type Local, startLocal } from '../infra/local/local.ts';

export interface BenchStack extends Local {
  /** Where the objects go, for the report's sentence. */
  readonly where: string;
  readonly kube: KubernetesObjectApi;
  /** Applies one object as a bare server-side apply does. */
  apply(object: KubernetesObject): Promise<void>;
}

/** Starts the stack, runs the work, stops everything. */
export async function withStack<T>(work: (stack: BenchStack) => Promise<T>): Promise<T> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'mainsheet-bench-'));
  const given = process.env['MAINSHEET_TEST_KUBECONFIG'];
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
  const local = await startLocal({
    root,
    port: 0,
    stateDirectory,
    kubeconfig: given,
    reset: false,
    say: () => undefined,
    onFailure: (text) => console.error(text),
  });
  const config = new KubeConfig();
  config.loadFromFile(given ?? join(stateDirectory, 'tenants', 'demo', 'sandbox', 'kubeconfig'));
  const kube = KubernetesObjectApi.makeApiClient(config);
  try {
    return await work({
      ...local,
      where: given === undefined ? 'a sandbox' : 'a real control plane',
      kube,
      apply: async (object) => {
        await kube.patch(object, undefined, undefined, 'bench', true, PatchStrategy.ServerSideApply);
      },
    });
  } finally {
    await local.close();
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Submits a text; throws with the answer where it is not taken. */
export async function submit({ url, key }: Local, text: string): Promise<void> {
  const response = await fetch(`${url}/v1/applications`, {
    method: 'POST',
    body: text,
    headers: { authorization: `Bearer ${key}` },
  });
  const answer = await response.text();
  if (response.status !== 202) throw new Error(`not accepted: ${answer}`);
}

/** Runs the tasks, so many at a time. */
export async function inParallel(count: number, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (;;) {
      const task = tasks[next++];
      if (task === undefined) return;
      await task();
    }
  };
  await Promise.all(Array.from({ length: count }, worker));
}
