/** Traits that ask for HTTP (`processing.http`): sent from the worker, through the guard, once a run. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { newId } from '../../db/ids.ts';
import { Fault } from '../../engine/fault.ts';
import type { JsonObject } from '../../engine/json.ts';
import { nodeEgress } from '../../queues/transports/egress.node.ts';
import { openQueueSide, type QueueSide, type QueueSideOptions } from '../support/queue-side.ts';

const system = { kind: 'system', id: 'test' } as const;
const local = nodeEgress({ allowedHosts: ['127.0.0.1'], allowedPorts: 'any', allowHttp: true });

const trait = (name: string, url: string, more = '', field = 'token') => `---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: ${name}, namespace: vela-system}
spec:
  schematic:
    cue:
      template: |
        processing: {
          output: token?: string
          http: {
            method: *"GET" | string
            url:    ${url}
            ${more}
          }
        }
        patch: data: ${field}: processing.output.token
        parameter: url: string
`;

const application = (traits: readonly string[], components = ['memo']) => `---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop, namespace: default}
spec:
  components:
${components
  .map(
    (name) => `    - name: ${name}
      type: k8s-objects
      properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: {own: "1"}}]}
      traits: [${traits.join(', ')}]`,
  )
  .join('\n')}
`;
const use = (url: string, type = 'token') => `{type: ${type}, properties: {url: "${url}"}}`;

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe("a trait's HTTP request", () => {
  let server: Server;
  let url: string;
  const seen: Seen[] = [];

  before(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method, url: path = '', headers } = request;
      seen.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      if (path === '/teapot') response.writeHead(418).end('{"token": "tea"}');
      else if (path === '/text') response.end('not JSON');
      else if (path === '/list') response.end('[1]');
      else if (path === '/large') response.end(JSON.stringify({ token: 'x'.repeat(2 * 1024 * 1024) }));
      else if (path === '/elsewhere')
        response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end();
      else response.end(JSON.stringify({ token: `token of ${path}`, nested: { a: 1 } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    seen.length = 0;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function run(text: string, options: QueueSideOptions = {}): Promise<QueueSide> {
    const side = await openQueueSide({ egress: local, ...options });
    await side.submitText(text);
    await turn(side);
    return side;
  }
  async function turn(side: QueueSide): Promise<void> {
    await side.drain();
    await side.agent.sync();
    side.send(await side.agent.report());
    await side.drain();
  }
  const stateOf = async (side: QueueSide): Promise<JsonObject> => {
    const view = await side.store.applications.view('default', 'shop');
    assert.ok(view?.run);
    return (view.run.state as JsonObject)['state'] as JsonObject;
  };
  const issueOf = async (side: QueueSide): Promise<JsonObject> => {
    const state = await stateOf(side);
    assert.equal(state['phase'], 'failed');
    const [issue] = state['issues'] as JsonObject[];
    assert.ok(issue);
    return issue;
  };
  const dataOf = (side: QueueSide, name = 'memo') =>
    side.agent.objects.get(`/ConfigMap/default/${name}`)?.['data'];

  it('is not sent by a submission', async () => {
    const side = await openQueueSide({ egress: local });
    await side.submitText(`${trait('token', 'parameter.url')}${application([use(`${url}/a`)])}`);
    assert.deepEqual(seen, []);
  });
  it('brings its answer into the object', async () => {
    const side = await run(`${trait('token', 'parameter.url')}${application([use(`${url}/a`)])}`);
    assert.equal((await stateOf(side))['phase'], 'succeeded');
    assert.deepEqual(dataOf(side), { own: '1', token: 'token of /a' });
    assert.deepEqual(
      seen.map(({ method, path, headers }) => [method, path, headers['content-type']]),
      [['GET', '/a', 'application/json']],
    );
  });
  it('carries method, headers and body, and a key by which a second one can be known', async () => {
    const more = 'request: {header: {"x-a": "b", host: "evil.example"}, body: "{\\"q\\": 1}"}';
    const side = await run(
      `${trait('token', 'parameter.url', `${more}, method: "POST"`)}${application([use(`${url}/a`)])}`,
    );
    assert.equal((await stateOf(side))['phase'], 'succeeded');
    const [request] = seen;
    assert.ok(request);
    assert.deepEqual([request.method, request.body, request.headers['x-a']], ['POST', '{"q": 1}', 'b']);
    assert.equal(request.headers.host, new URL(url).host);
    assert.match(String(request.headers['idempotency-key']), /^[0-9a-f]{64}$/);
  });
  it('is made of the answer of one before it, and each component has its own', async () => {
    const chain = trait('next', `parameter.url + "/" + context.output.data.token`, '', 'second');
    const traits = [use(`${url}/a`), use(url, 'next')];
    const side = await run(
      `${trait('token', 'parameter.url')}${chain}${application(traits, ['memo', 'other'])}`,
    );
    const second = 'token of /token%20of%20/a';
    assert.deepEqual(dataOf(side), { own: '1', token: 'token of /a', second });
    assert.deepEqual(dataOf(side, 'other'), { own: '1', token: 'token of /a', second });
    assert.equal(seen.length, 4);
  });
  it('of vela/http brings the whole answer, whatever its status', async () => {
    const caller = `---
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: caller, namespace: vela-system}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic:
    cue:
      template: |
        import "vela/http"
        call: http.#Get & {$params: url: parameter.url}
        parameter: url: string
        output: {apiVersion: "v1", kind: "ConfigMap", data: {
          body:   call.$returns.body
          status: "\\(call.$returns.statusCode)"
        }}
`;
    const side = await run(`${caller}---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop, namespace: default}
spec:
  components: [{name: memo, type: caller, properties: {url: "${url}/teapot"}}]
`);
    assert.equal((await stateOf(side))['phase'], 'succeeded');
    assert.deepEqual(dataOf(side), { body: '{"token": "tea"}', status: '418' });
    assert.deepEqual(
      seen.map(({ method, headers }) => [method, headers['content-type']]),
      [['GET', undefined]],
    );
  });
  it('is not sent again by a run that is advanced again, and is by the next run', async () => {
    let dying = true;
    const text = `${trait('token', 'parameter.url')}${application([use(`${url}/a`)])}`;
    const side = await openQueueSide({
      egress: local,
      change: (jobs) => ({
        ...jobs,
        async render(loaded) {
          const rendered = await jobs.render(loaded);
          if (dying) throw new Fault('store.unavailable', 'gone');
          return rendered;
        },
      }),
    });
    await side.submitText(text);
    const [message] = side.messages.splice(0);
    assert.ok(message);
    assert.equal(await side.handle(message), 'retry');
    assert.equal(seen.length, 1);
    dying = false;
    side.clock.at += 61_000;
    await turn(side);
    assert.deepEqual(dataOf(side), { own: '1', token: 'token of /a' });
    assert.equal(seen.length, 1);
    const view = await side.store.applications.view('default', 'shop');
    assert.ok(view);
    const again = await side.store.runs.restart(system, view.application.uid, newId('run', side.clock.at));
    side.send(again?.messages ?? []);
    await turn(side);
    assert.equal((await stateOf(side))['phase'], 'succeeded');
    assert.equal(seen.length, 2);
  });

  it('of a trait that waits for its workload is sent when that is there', async () => {
    const late = `---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: late, namespace: vela-system}
spec:
  stage: PostDispatch
  schematic:
    cue:
      template: |
        processing: {output: token?: string, http: {method: "GET", url: parameter.url}}
        outputs: note: {
          apiVersion: "v1"
          kind: "ConfigMap"
          metadata: name: context.name + "-late"
          data: token: processing.output.token
        }
        parameter: url: string
`;
    const side = await openQueueSide({ egress: local });
    await side.submitText(late + application([use(`${url}/a`, 'late')]));
    await side.drain();
    assert.deepEqual(seen, []);
    await turn(side);
    await turn(side);
    assert.equal((await stateOf(side))['phase'], 'succeeded');
    assert.deepEqual(dataOf(side, 'memo-late'), { token: 'token of /a' });
    assert.equal(seen.length, 1);
    const failing = await openQueueSide({ egress: local });
    await failing.submitText(late + application([use(`${url}/teapot`, 'late')]));
    await turn(failing);
    const view = await failing.store.applications.view('default', 'shop');
    assert.match(
      view?.steps[0]?.message ?? '',
      /trait late of component "memo": GET .* was answered with 418/,
    );
  });

  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    ['another status than success', '/teapot', 'http.status', /was answered with 418\.$/],
    ['no JSON', '/text', 'http.answer', /something that is no JSON/],
    ['a list', '/list', 'http.answer', /JSON that is no object/],
    ['more than a mebibyte', '/large', 'http.answer', /larger than 1048576 bytes/],
    ['a way to where the guard does not go', '/elsewhere', 'http.refused', /may not be called/],
  ];
  for (const [what, path, code, message] of refused) {
    it(`that is answered with ${what} fails the run and says so`, async () => {
      const side = await run(`${trait('token', 'parameter.url')}${application([use(url + path)])}`);
      const issue = await issueOf(side);
      assert.equal(issue['code'], code);
      assert.match(String(issue['message']), message);
      assert.match(String(issue['message']), /^trait token of component "memo": GET http:\/\/127/);
      assert.equal(issue['path'], '/spec/components/0/traits/0/properties');
    });
  }
  it('to an address that the guard refuses is not sent, and the run says why', async () => {
    const guarded = nodeEgress({ allowedHosts: [], allowedPorts: 'any', allowHttp: true });
    const side = await run(`${trait('token', 'parameter.url')}${application([use(`${url}/a?key=canary`)])}`, {
      egress: guarded,
    });
    const issue = await issueOf(side);
    assert.equal(issue['code'], 'http.refused');
    assert.match(String(issue['message']), /is not sent: This address may not be called: .*loopback/);
    assert.doesNotMatch(JSON.stringify(issue), /canary/);
    assert.deepEqual(seen, []);
  });
  it('that nobody answers is tried again, and in the end the run says so', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const side = await openQueueSide({ egress: local });
    await side.submitText(
      `${trait('token', 'parameter.url')}${application([use(`http://127.0.0.1:${port}/`)])}`,
    );
    for (let attempt = 1; attempt <= 3; attempt++) {
      const view = await side.store.applications.view('default', 'shop');
      assert.equal(view?.run?.phase, 'queued');
      for (const message of side.messages.splice(0)) await side.handle(message);
      side.clock.at += 61_000;
    }
    assert.match(
      String((await issueOf(side))['message']),
      /has no answer: 127\.0\.0\.1:\d+ could not be reached/,
    );
  });
  it('may take ten seconds and be answered with a mebibyte', async () => {
    const asked: unknown[] = [];
    const egress = {
      fetch: async (_: Request, limits: unknown) => {
        asked.push(limits);
        return Response.json({ token: 'x' });
      },
    };
    await run(`${trait('token', 'parameter.url')}${application([use('https://a.example/')])}`, { egress });
    assert.deepEqual(asked, [{ maxBytes: 1024 * 1024, timeoutMs: 10_000 }]);
  });
  it('is one of at most ten', async () => {
    const names = Array.from({ length: 11 }, (_, i) => `c${i}`);
    const side = await run(`${trait('token', 'parameter.url')}${application([use(`${url}/a`)], names)}`);
    assert.equal((await issueOf(side))['code'], 'http.too-many');
    assert.deepEqual(seen, []);
  });
  it('that is none is told', async () => {
    for (const [address, method, text] of [
      ['nowhere', 'GET', /cannot be sent: its address is not a URL/],
      [`${url.replace('//', '//me:secret@')}/a`, 'GET', /holds a name or a password/],
      [`${url}/a`, 'A B', /method or a header is not one of HTTP/],
    ] as const) {
      const side = await run(
        `${trait('token', 'parameter.url', `method: "${method}"`)}${application([use(address)])}`,
      );
      assert.match(String((await issueOf(side))['message']), text);
      assert.doesNotMatch(JSON.stringify(await stateOf(side)), /secret/);
    }
  });
});
