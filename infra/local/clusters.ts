/**
 * A cluster and an agent for each tenant of the local stack. The first tenant works on the given kubeconfig's cluster,
 * every other (and the first one without a kubeconfig) on a sandbox of its own. An agent enrols as any other does.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tenant } from '../../db/model/access.ts';
import type { TenantId } from '../../engine/ids.ts';
import { acceptAgent } from '../../functions/clusters/accept.ts';
import { inviteCluster } from '../../functions/clusters/invite.ts';
import type { Deps } from '../../functions/deps.ts';
import type { Principal } from '../../functions/middleware/request-context.ts';
import { type Child, startChild } from './child.ts';

export interface ClusterOptions {
  readonly root: string;
  readonly stateDirectory: string;
  readonly url: string;
  readonly deps: Pick<Deps, 'stores' | 'clock' | 'hub'>;
  readonly onFailure: (text: string) => void;
}

export interface TenantCluster {
  readonly name: string;
  stop(): Promise<void>;
}

const READY_MS = 60_000;
const STEP_MS = 200;

const localPrincipal = (tenant: TenantId): Principal => ({
  tenant,
  actor: { kind: 'system', id: 'local-stack' },
  scopes: new Set(),
  name: 'local-stack',
});

async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const end = Date.now() + READY_MS; Date.now() < end; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  throw new Error(`${what} did not happen within ${READY_MS / 1000} s`);
}

async function startSandboxProcess(
  options: ClusterOptions,
  folder: string,
): Promise<{ child: Child; kubeconfig: string }> {
  const directory = join(folder, 'sandbox');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const child = startChild(join(options.root, 'infra/sandbox/main.ts'), ['--dir', directory], {
    logFile: join(folder, 'sandbox.log'),
    onExit: (code) =>
      options.onFailure(`The sandbox ended with code ${code}; see ${join(folder, 'sandbox.log')}.`),
  });
  const [, kubeconfig = ''] = await child.line(/^ready (.+)$/m, READY_MS);
  return { child, kubeconfig };
}

/** Starts what the tenant needs and waits until its agent is accepted. */
export async function startTenantCluster(
  options: ClusterOptions,
  tenant: Tenant,
  given: string | undefined,
): Promise<TenantCluster> {
  const folder = join(options.stateDirectory, 'tenants', tenant.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sandbox = given === undefined ? await startSandboxProcess(options, folder) : undefined;
  const kubeconfig = given ?? sandbox?.kubeconfig ?? '';
  const name = given === undefined ? 'sandbox' : 'cluster';
  const principal = localPrincipal(tenant.id);
  const { clusters } = options.deps.stores.of(tenant.id);
  const known = await clusters.get(name);
  const active = known?.state === 'active';
  const token = active ? undefined : (await inviteCluster(options.deps, principal, name)).token;
  const agent = startChild(
    join(options.root, 'agent/main.ts'),
    [
      ...[
        '--hub',
        options.url,
        '--state',
        join(folder, `agent-${name}`),
        '--kubeconfig',
        kubeconfig,
        '--with-parent',
      ],
      ...(token === undefined ? [] : ['--token', token]),
    ],
    {
      logFile: join(folder, 'agent.log'),
      onExit: (code) =>
        options.onFailure(`The agent ended with code ${code}; see ${join(folder, 'agent.log')}.`),
    },
  );
  const stop = async () => {
    await agent.stop();
    await sandbox?.child.stop();
  };
  try {
    if (!active) {
      const pending = () =>
        clusters.get(name).then((cluster) => (cluster?.state === 'pending' ? cluster : undefined));
      await until(pending, 'Enrolment of the agent');
      const namespaces = [{ namespace: '*', serviceAccount: '' }];
      await acceptAgent(options.deps, principal, name, { namespaces, clusterScopedAccount: '' });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, stop };
}
