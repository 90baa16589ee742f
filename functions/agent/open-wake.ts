import { Fault } from '../../engine/fault.ts';
import { type AgentDeps, type AgentRequest, authenticateAgent } from './authenticate.ts';

/** Hands an agent's socket to its cluster's wake object. It carries hints only, so nothing is decided by it. */
export async function openWake(deps: AgentDeps, request: AgentRequest, upgrade: Request): Promise<Response> {
  const { cluster } = await authenticateAgent(deps, request);
  if (upgrade.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
    throw new Fault('request.malformed', 'This address opens a WebSocket.');
  }
  return deps.wake.connect(cluster.id, upgrade);
}
