import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../infra/sandbox/sandbox.ts';
import { clusterContract } from '../contract/cluster.ts';

clusterContract('the sandbox', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mainsheet-sandbox-'));
  const sandbox = await startSandbox({ directory, podDelayMs: 50 });
  return {
    kubeconfig: sandbox.kubeconfig,
    async close() {
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});
