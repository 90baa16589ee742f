import { newId } from '../../db/ids.ts';
import { hashToken } from '../../db/keys.ts';
import {
  type EnrolAnswer,
  enrolRequestSchema,
  PROTOCOL_VERSION,
  parseEnrolmentToken,
} from '../../engine/delivery/protocol.ts';
import { Fault } from '../../engine/fault.ts';
import { type AgentDeps, type AgentRequest, verifySigned } from './authenticate.ts';
import { parseMessage } from './message.ts';

/** Seconds between two questions of an agent that waits to be accepted. */
const ASK_AGAIN_SECONDS = 1;

const states = { pending: 'pending', active: 'accepted', revoked: 'refused' } as const;

/**
 * Takes an agent that shows a token and signs with the key that it names. It may do nothing until the cluster's
 * owner has accepted it. Asked again with the same token and key, it answers how things stand.
 */
export async function enrolAgent(deps: AgentDeps, request: AgentRequest): Promise<EnrolAnswer> {
  const { token, publicKey, kubernetes } = parseMessage(enrolRequestSchema, request.body);
  await verifySigned(deps, request, publicKey);
  const secret = parseEnrolmentToken(token)?.secret;
  const tokenHash = secret === undefined ? undefined : await hashToken(secret);
  const tenant = tokenHash === undefined ? undefined : await deps.stores.directory.enrolment(tokenHash);
  if (tokenHash === undefined || tenant === undefined) throw refused();
  const now = deps.clock.now();
  const enrolment = { tokenHash, agent: newId('agent', now), publicKey, version: '', kubernetes };
  const enrolled = await deps.stores.of(tenant).agents.enrol(enrolment, now);
  if (enrolled === undefined) throw refused();
  const { agent, cluster } = enrolled;
  return {
    v: PROTOCOL_VERSION,
    state: states[agent.state],
    agent: agent.id,
    tenant,
    cluster: { id: cluster.id, name: cluster.name },
    hub: deps.hub.id,
    keys: deps.hub.keys,
    retryAfter: ASK_AGAIN_SECONDS,
  };
}

const refused = () => new Fault('auth.invalid', 'The token is unknown, over, or was used with another key.');
