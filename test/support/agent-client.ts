/** An agent of a cluster that there is not: it signs what a test wants said, over HTTP without a server. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  header,
  type PlanAnswer,
  type PlanRequest,
  planRequestSchema,
  requestText,
  type SyncAnswer,
} from '../../engine/delivery/protocol.ts';
import type { TestAnswer, TestApp } from './http-app.ts';

export interface AgentClient {
  sync(): Promise<SyncAnswer>;
  /** The plans that a sync gives. */
  plans(): Promise<readonly PlanRequest[]>;
  report(said: { readonly plans: readonly PlanAnswer[] }): Promise<TestAnswer>;
  answer(plan: PlanAnswer): Promise<TestAnswer>;
}

/** Enrols an agent for a new cluster of the key's tenant, and accepts it. */
export async function joinAgent(app: TestApp, key: string, name: string): Promise<AgentClient> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  let agent = '';
  let counter = 0;
  const ask = (path: string, said: object, count: number): Promise<TestAnswer> => {
    const body = JSON.stringify(said);
    const bodySha256 = createHash('sha256').update(body).digest('hex');
    const time = Date.now() + app.time;
    const parts = { method: 'POST', path, time, counter: count, bodySha256 };
    const signature = sign(null, Buffer.from(requestText(parts)), privateKey).toString('base64url');
    const headers = {
      [header.agent]: agent,
      [header.time]: String(time),
      [header.counter]: String(count),
      [header.signature]: signature,
    };
    return app.request(path, { method: 'POST', body, headers });
  };
  const json = { 'content-type': 'application/json' };
  const invited = await app.request('/v1/clusters', {
    method: 'POST',
    key,
    body: JSON.stringify({ name }),
    headers: json,
  });
  const enrolled = await ask(
    '/agent/v1/enrol',
    {
      v: 1,
      token: invited.body['token'],
      publicKey: String(publicKey.export({ format: 'jwk' }).x),
      nonce: 'n',
      kubernetes: { version: 'v1.35.0', uid: 'u' },
    },
    0,
  );
  if (enrolled.status !== 200) throw new Error(enrolled.text);
  agent = String(enrolled.body['agent']);
  const namespaces = [{ namespace: '*', serviceAccount: 'mainsheet/deployer' }];
  const accepted = await app.request(`/v1/clusters/${name}/accept`, {
    method: 'POST',
    key,
    body: JSON.stringify({ namespaces }),
    headers: json,
  });
  if (accepted.status !== 200) throw new Error(accepted.text);
  const sync = async () => {
    const { status, text, body } = await ask('/agent/v1/sync', { v: 1, have: [] }, 0);
    if (status !== 200) throw new Error(text);
    // The routes' own type.
    return body as unknown as SyncAnswer;
  };
  const report = (said: { readonly plans: readonly PlanAnswer[] }) => {
    counter += 1;
    return ask('/agent/v1/report', { v: 1, counter, reports: [], ...said }, counter);
  };
  return {
    sync,
    async plans() {
      const answer = await sync();
      return answer.unchanged ? [] : planRequestSchema.array().parse(answer.plans ?? []);
    },
    report,
    answer: (plan) => report({ plans: [plan] }),
  };
}
