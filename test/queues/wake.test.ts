/** The wake sockets in workerd: the Durable Object and its adapter. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepWakeSocket } from '../../agent/wake.ts';
import { startTransportWorker, type TransportWorker } from '../support/transport-worker.ts';
import { until } from '../support/until.ts';

describe('wake sockets', () => {
  let worker: TransportWorker;
  before(async () => {
    worker = await startTransportWorker(async () => []);
  });
  after(() => worker.close());

  /** An agent's side; `hints` counts what it was told, its opening included. */
  function listen(cluster: string): { hints: number; stop(): void } {
    const stop = new AbortController();
    const listener = { hints: 0, stop: () => stop.abort() };
    const url = new URL(`${worker.url.replace('http', 'ws')}/connect/${cluster}`);
    void keepWakeSocket({
      target: () => ({ url, headers: { 'x-any': '1' } }),
      hint: () => {
        listener.hints += 1;
      },
      signal: stop.signal,
    });
    return listener;
  }

  const hint = (cluster: string) => fetch(`${worker.url}/hint/${cluster}`, { method: 'POST' });

  it('tell every listener of the cluster and nobody else', async () => {
    const [one, two, other] = [listen('a'), listen('a'), listen('b')];
    await until('all are open', () => one.hints === 1 && two.hints === 1 && other.hints === 1);
    await hint('a');
    await until('both are told', () => one.hints === 2 && two.hints === 2);
    await sleep(100);
    assert.equal(other.hints, 1);
    for (const listener of [one, two, other]) listener.stop();
  });

  it('tell nobody without complaint', async () => {
    assert.equal((await hint('nobody')).status, 200);
  });

  it('go on without a listener that has left', async () => {
    const [stays, leaves] = [listen('c'), listen('c')];
    await until('both are open', () => stays.hints === 1 && leaves.hints === 1);
    leaves.stop();
    await sleep(200);
    await hint('c');
    await until('the other is told', () => stays.hints === 2);
    assert.equal(leaves.hints, 1);
    stays.stop();
  });

  it('answer a ping without waking anything, and refuse what is no socket', async () => {
    const socket = new WebSocket(`${worker.url.replace('http', 'ws')}/connect/d`);
    const answer = new Promise<unknown>((resolve) => {
      socket.addEventListener('message', ({ data }) => resolve(data));
      socket.addEventListener('open', () => socket.send('ping'));
    });
    assert.equal(await answer, 'pong');
    socket.close();
    assert.equal((await fetch(`${worker.url}/connect/d`)).status, 404);
  });
});
