import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Fault } from '../../../engine/fault.ts';
import { nodeEgress } from '../../../queues/transports/egress.node.ts';
import { guardedEgress } from '../../../queues/transports/egress.ts';

const limits = { maxBytes: 1000, timeoutMs: 2000 };

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Fault, String(error));
  return error.code;
}

describe('the egress guard in Node', () => {
  let server: Server;
  let url: string;
  const egress = nodeEgress({ allowedHosts: ['127.0.0.1'], allowedPorts: 'any', allowHttp: true });

  before(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '';
      if (path.startsWith('/to?')) {
        response.writeHead(302, { location: decodeURIComponent(path.slice('/to?'.length)) }).end();
      } else if (path === '/loop') response.writeHead(307, { location: '/loop' }).end();
      else if (path === '/large') response.end('x'.repeat(5000));
      else response.end(`${request.method} ${request.headers.authorization ?? 'no credentials'}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('answers with what the address answers', async () => {
    const response = await egress.fetch(new Request(`${url}/`, { method: 'POST', body: 'x' }), limits);
    assert.equal(await response.text(), 'POST no credentials');
  });
  it('follows a redirect only where the policy would go', async () => {
    const target = encodeURIComponent('http://169.254.169.254/latest/');
    assert.equal(await codeOf(egress.fetch(new Request(`${url}/to?${target}`), limits)), 'egress.refused');
    const home = await egress.fetch(new Request(`${url}/to?${encodeURIComponent('/')}`), limits);
    assert.equal(await home.text(), 'GET no credentials');
  });
  it('stops a loop of redirects', async () => {
    assert.equal(await codeOf(egress.fetch(new Request(`${url}/loop`), limits)), 'egress.refused');
  });
  it('cuts an answer at the limit', async () => {
    const response = await egress.fetch(new Request(`${url}/large`), limits);
    await assert.rejects(response.text());
  });
  it('refuses a name that resolves to an address which is not public', async () => {
    const { port } = new URL(url);
    const target = new Request(`http://rebind.example.com:${port}/`);
    const policy = { allowedHosts: [], allowedPorts: 'any', allowHttp: true } as const;
    const rebound = [{ address: '127.0.0.1', family: 4 }];
    const guarded = nodeEgress(policy, (_host, done) => done(null, rebound));
    assert.equal(await codeOf(guarded.fetch(target.clone(), limits)), 'egress.refused');
    const exempt = nodeEgress({ ...policy, allowedHosts: ['rebind.example.com'] }, (_host, done) =>
      done(null, rebound),
    );
    assert.equal(await (await exempt.fetch(target, limits)).text(), 'GET no credentials');
  });
  it('keeps credentials with the host that they were given for', async () => {
    const seen: (string | null)[] = [];
    const guard = guardedEgress(
      { allowedHosts: [], allowedPorts: [], allowHttp: false },
      async (target, init) => {
        seen.push(new Headers(init.headers).get('authorization'));
        if (target === 'https://one.example/') return Response.redirect('https://two.example/', 302);
        return new Response('done');
      },
    );
    await guard.fetch(
      new Request('https://one.example/', { headers: { authorization: 'Bearer x' } }),
      limits,
    );
    assert.deepEqual(seen, ['Bearer x', null]);
  });
});
