import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Fault } from '../../engine/fault.ts';
import { type TestApp, testApp } from '../support/http-app.ts';
import { tarOf } from '../support/tar.ts';

interface Row {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly origin: string;
  readonly description?: string;
}

const note = (name: string, more = '') => `"${name}": {
	type: "component"
	description: "Keeps a note about ${name}."
	labels: team: "docs"
	attributes: workload: definition: {apiVersion: "v1", kind: "ConfigMap"}
}
template: {
	output: {apiVersion: "v1", kind: "ConfigMap", data: text: parameter.text}
	parameter: {
		// +usage=What it says
		text: string
		// +usage=How loud
		tone: *"calm" | "loud"
	}
	${more}
}
`;

describe('definitions over HTTP', () => {
  let app: TestApp;
  let key: string;
  const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { key, headers });
  const put = async (name: string, body: string, headers: Record<string, string> = {}) => {
    const answer = await app.request(`/v1/definitions/component/${name}`, {
      method: 'PUT',
      key,
      headers,
      body,
    });
    assert.ok(answer.status < 300, answer.text);
    return answer;
  };
  const all = async (query: string): Promise<readonly Row[]> => {
    const items: Row[] = [];
    for (let cursor = ''; ; ) {
      const answer = await get(`/v1/definitions?${query}${cursor}`);
      assert.equal(answer.status, 200, answer.text);
      items.push(...(answer.body['items'] as Row[]));
      const { next } = answer.body;
      if (typeof next !== 'string') return items;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
  };

  before(async () => {
    app = await testApp();
    key = await app.tenant('demo');
    for (const name of ['note-a', 'note-b', 'note-c']) await put(name, note(name));
  });

  it('are paged over own and stock ones, each exactly once', async () => {
    const whole = await all('limit=100');
    const paged = await all('limit=2&kind=component');
    const components = whole.filter(({ kind }) => kind === 'component');
    const keyOf = ({ origin, namespace, name }: Row) => `${origin}/${namespace}/${name}`;
    assert.deepEqual(paged.map(keyOf), components.map(keyOf));
    assert.equal(new Set(whole.map((row) => `${row.kind} ${keyOf(row)}`)).size, whole.length);
    assert.deepEqual(
      components.filter(({ origin }) => origin === 'tenant').map(({ name }) => name),
      ['note-a', 'note-b', 'note-c'],
    );
    assert.ok(components.some(({ name }) => name === 'webservice'));
  });
  it('are found by words in name and description, in own and in stock ones', async () => {
    assert.deepEqual(
      (await all('q=NOTE%20about%20note-b')).map(({ name }) => name),
      ['note-b'],
    );
    assert.ok(
      (await all('q=webserv')).some(({ name, origin }) => name === 'webservice' && origin === 'stock'),
    );
    assert.deepEqual(await all('q=no-such-thing-anywhere'), []);
  });
  it('are filtered by origin, deprecation and labels', async () => {
    assert.equal((await all('origin=tenant')).length, 3);
    assert.ok((await all('origin=stock')).every(({ origin }) => origin === 'stock'));
    const deprecated = await all('deprecated=true');
    assert.ok(deprecated.some(({ name }) => name === 'ingress'));
    assert.ok(!(await all('deprecated=false')).some(({ name }) => name === 'ingress'));
    assert.equal((await all('labelSelector=team%3Ddocs')).length, 3);
    assert.equal((await all('labelSelector=team%20in%20(x)')).length, 0);
  });
  it('refuse a cursor that was changed, or is of another list, filter or tenant', async () => {
    const next = async (path: string) => String((await get(path)).body['next']);
    const own = await next('/v1/definitions?limit=1');
    const stock = await next('/v1/definitions?limit=1&origin=stock');
    assert.match(stock, /^stock\./);
    assert.equal((await get(`/v1/definitions?limit=1&origin=stock&cursor=${stock}`)).status, 200);
    const other = await app.tenant('other');
    const path = '/v1/definitions?limit=1&origin=stock&cursor=';
    const swapped = stock.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const [where, as] of [
      [`${path}nonsense`, key],
      [`${path}stock.2`, key],
      [`${path}stock.999999`, key],
      [`${path}${swapped}`, key],
      [`${path}${own}`, key],
      [`${path}${stock.replace('stock.', '')}`, key],
      [`/v1/definitions?limit=1&cursor=${stock}`, key],
      [`/v1/definitions?limit=1&q=x&cursor=${own}`, key],
      [`/v1/definitions?limit=1&kind=trait&origin=stock&cursor=${stock}`, key],
      [`${path}${stock}`, other],
    ] as const) {
      const answer = await app.request(where, { key: as });
      assert.equal(answer.status, 400, `${where} ${answer.text}`);
      assert.match(answer.text, /cursor is not one of this list/);
    }
  });
  it('tell the schema of their parameters and an example that renders', async () => {
    const answer = await get('/v1/definitions/component/note-a');
    assert.equal(answer.status, 200, answer.text);
    const { schema, examples } = answer.body as {
      schema: { properties: Record<string, { description: string; enum?: string[] }>; required: string[] };
      examples: unknown[];
    };
    assert.equal(schema.properties['text']?.description, 'What it says');
    assert.deepEqual(schema.properties['tone']?.enum, ['calm', 'loud']);
    const rendered = await app.request('/v1/applications?dryRun=server', {
      method: 'POST',
      key,
      body: JSON.stringify(examples[0]),
    });
    assert.equal(rendered.status, 200, rendered.text);
    const alone = await get('/v1/definitions/component/note-a?view=schema');
    assert.deepEqual(alone.body, schema);
  });
  it('of the stock have an example, also where the schema does not tell enough or nothing here can render it', async () => {
    for (const path of [
      'component/helmchart',
      'component/raw',
      'trait/k8s-update-strategy',
      'policy/envbinding',
      'workflow-step/deploy',
      'workflow-step/notification',
    ]) {
      const { status, body } = await get(`/v1/definitions/${path}`);
      assert.equal(status, 200, path);
      assert.equal((body['examples'] as unknown[]).length, 1, path);
    }
    assert.equal((await get('/v1/definitions/component/worker@v1')).status, 200);
    assert.equal((await get('/v1/definitions/component/worker@v2')).status, 404);
  });
  it('have a page in Markdown', async () => {
    for (const answer of [
      await get('/v1/definitions/trait/scaler?view=docs'),
      await get('/v1/definitions/trait/scaler', { accept: 'text/markdown' }),
    ]) {
      assert.match(answer.headers.get('content-type') ?? '', /^text\/markdown/);
      assert.match(answer.text, /^# scaler\n/);
      assert.match(answer.text, /\| replicas \| integer \| {2}\| `1` \| .+ \|/);
      assert.match(answer.text, /Applies to: `deployments.apps`/);
    }
  });
  it("are read as a chart's file has them, comments and include in front", async () => {
    const text =
      '# Made by a tool. Do not edit.\n# Source: defs/charted.cue\napiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nmetadata:\n  name: charted\n  namespace: {{ include "systemDefinitionNamespace" . }}\nspec: {schematic: {cue: {template: "parameter: {a: int}"}}}\n';
    const answer = await app.request('/v1/definitions/trait/charted', { method: 'PUT', key, body: text });
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual([answer.body['namespace'], answer.body['version']], ['vela-system', '1']);
    const read = await get('/v1/definitions/trait/charted');
    assert.deepEqual([read.body['format'], read.body['source']], ['yaml', text]);
    await app.request('/v1/definitions/trait/charted', { method: 'DELETE', key });
  });
  it('of the tenant hide stock ones of the same name', async () => {
    await put('webservice', note('webservice'));
    const application = (type: string) =>
      JSON.stringify({
        apiVersion: 'core.oam.dev/v1beta1',
        kind: 'Application',
        metadata: { name: 'site' },
        spec: { components: [{ name: 'web', type, properties: { text: 'hi' } }] },
      });
    const shadowed = await app.request('/v1/applications?dryRun=server', {
      method: 'POST',
      key,
      body: application('webservice'),
    });
    assert.match(shadowed.text, /"kind":"ConfigMap"/, shadowed.text);
    await app.request('/v1/definitions/component/webservice', { method: 'DELETE', key });
    const stock = await app.request('/v1/applications?dryRun=server', {
      method: 'POST',
      key,
      body: application('webservice'),
    });
    assert.equal(stock.status, 422, stock.text);
    assert.match(stock.text, /image/);
  });

  describe('in an archive', () => {
    const archive = (files: Readonly<Record<string, string>>, query = '') =>
      app.request(`/v1/definitions/import${query}`, {
        method: 'POST',
        key,
        body: gzipSync(tarOf(files)),
        headers: { 'content-type': 'application/gzip' },
      });
    const files = {
      'defs/good.cue': note('imported'),
      'defs/README.md': '# not a definition',
      'defs/unfit.cue': note('unfit', 'output: data: more: nowhere'),
      [`defs/${'deep/'.repeat(30)}bad.cue`]: 'bad: {type: "gadget"}\ntemplate: {a: 1}\n',
      'defs/several.yaml': [
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n',
        'apiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nmetadata: {name: kept, namespace: {{ include "systemDefinitionNamespace" . }}}\nspec: {schematic: {cue: {template: "parameter: {}"}}}\n',
        'apiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nmetadata: {name: wrong}\nspec:\n  podDisruptive: maybe\n',
        'apiVersion: core.oam.dev/v1alpha2\nkind: TraitDefinition\nmetadata: {name: old}\nspec: {}\n',
      ].join('---\n'),
    };
    type Item = {
      result: string;
      file: string;
      line: number;
      name?: string;
      compile?: string;
      reason?: string;
      errors: { detail: string; line: number }[];
    };

    it('are told one by one, and nothing is stored in a dry run', async () => {
      const answer = await archive(files, '?dryRun=true');
      assert.equal(answer.status, 200, answer.text);
      const { totals, items } = answer.body as { totals: Record<string, number>; items: Item[] };
      assert.deepEqual(totals, {
        documents: 5,
        loaded: 3,
        refused: 2,
        outdated: 1,
        compiled: 2,
        notCompiled: 1,
        percentage: 60,
      });
      const unfit = items.find(({ name }) => name === 'unfit');
      assert.deepEqual([unfit?.compile, unfit?.errors[0]?.line], ['failed', 15]);
      const refused = items.filter(({ result }) => result === 'refused');
      assert.deepEqual(
        refused.map(({ file, errors }) => [file.split('/').at(-1), errors[0]?.line]),
        [
          ['bad.cue', 1],
          ['several.yaml', 14],
          ['several.yaml', 16],
        ],
      );
      assert.equal((await get('/v1/definitions/component/imported')).status, 404);
    });
    it('are stored where they load', async () => {
      const answer = await archive(files);
      assert.equal(answer.status, 200, answer.text);
      assert.equal((await get('/v1/definitions/component/imported')).status, 200);
      assert.equal((await get('/v1/definitions/trait/kept')).status, 200);
      const again = (await archive(files)).body as { items: { outcome?: string }[] };
      assert.ok(again.items.every(({ outcome }) => outcome === undefined || outcome === 'unchanged'));
    });
    it('are stored in whole batches, and what is told of one that fails is what is there', async () => {
      let puts = 0;
      const failing = await testApp((stores) => ({
        ...stores,
        of: (tenant) => {
          const store = stores.of(tenant);
          const putAll: typeof store.definitions.putAll = (...args) => {
            puts += 1;
            if (puts === 2) throw new Fault('store.unavailable', 'The database does not answer.');
            return store.definitions.putAll(...args);
          };
          return { ...store, definitions: { ...store.definitions, putAll } };
        },
      }));
      const its = await failing.tenant('demo');
      const many = Object.fromEntries(
        Array.from({ length: 120 }, (_, n) => [`defs/${n}.cue`, note(`many-${n}`)]),
      );
      const send = () =>
        failing.request('/v1/definitions/import', {
          method: 'POST',
          key: its,
          body: gzipSync(tarOf(many)),
          headers: { 'idempotency-key': 'one' },
        });
      type Report = {
        totals: { stored: Record<string, number> };
        items: { name: string; outcome: string }[];
      };
      const stopped = await send();
      assert.equal(stopped.status, 503, stopped.text);
      assert.match(stopped.text, /70 definitions of the archive are not stored/);
      assert.equal(puts, 2);
      const { totals, items } = stopped.body['report'] as Report;
      assert.deepEqual(totals.stored, {
        created: 50,
        revised: 0,
        unchanged: 0,
        replaced: 0,
        conflict: 0,
        notStored: 70,
      });
      for (const { name, outcome } of items) {
        const { status } = await failing.request(`/v1/definitions/component/${name}?view=schema`, {
          key: its,
        });
        assert.equal(status, outcome === 'created' ? 200 : 404, name);
      }
      const again = await send();
      assert.equal(again.status, 200, again.text);
      const after = (again.body as unknown as Report).totals.stored;
      assert.deepEqual(after, {
        created: 70,
        revised: 0,
        unchanged: 50,
        replaced: 0,
        conflict: 0,
        notStored: 0,
      });
    });
    it('are the same as when they are put one by one', async () => {
      const text = note('kept-as-is');
      await put('kept-as-is', text);
      const answer = await archive({ 'defs/kept.cue': text });
      assert.equal(
        (answer.body as { items: { outcome: string }[] }).items[0]?.outcome,
        'unchanged',
        answer.text,
      );
    });
    it('that come twice count once, and one whose version is taken is told', async () => {
      const versioned = (text: string, version: string) =>
        note('fixed', `output: data: more: "${text}"`).replace(
          'attributes: ',
          `attributes: version: "${version}"\n\tattributes: `,
        );
      await put('fixed', versioned('a', '1.0.0'));
      const twice = {
        'a/twice.cue': note('twice'),
        'b/twice.cue': note('twice', 'output: data: more: "b"'),
        'a/fixed.cue': versioned('b', '1.0.0'),
        'b/fixed.cue': versioned('b', '2.0.0'),
        'c/fixed.cue': versioned('c', '3.0.0'),
      };
      const told = async () => {
        const answer = await archive(twice);
        assert.equal(answer.status, 200, answer.text);
        return answer.body['items'] as {
          outcome: string;
          errors: { detail: string }[];
          warnings: { detail: string }[];
        }[];
      };
      const items = await told();
      assert.deepEqual(
        items.map(({ outcome }) => outcome),
        ['replaced', 'created', 'conflict', 'revised', 'revised'],
      );
      assert.match(items[0]?.warnings.at(-1)?.detail ?? '', /follows in b\/twice\.cue:1/);
      assert.match(items[2]?.errors[0]?.detail ?? '', /Version 1\.0\.0 of fixed exists with other content/);
      assert.match((await get('/v1/definitions/component/twice')).text, /more: \\"b\\"/);
      assert.deepEqual(
        (await told()).map(({ outcome }) => outcome),
        ['replaced', 'unchanged', 'conflict', 'unchanged', 'unchanged'],
      );
    });
    it('are refused whole where the archive is none, or unpacks to too much', async () => {
      const post = (body: string | Uint8Array<ArrayBuffer>) =>
        app.request('/v1/definitions/import', { method: 'POST', key, body });
      assert.equal((await post('nonsense')).status, 400);
      assert.equal((await post(gzipSync('nonsense'.repeat(100)))).status, 400);
      assert.equal((await post(new Uint8Array(gzipSync(tarOf(files)).subarray(0, 60)))).status, 400);
      assert.equal((await post(gzipSync(new Uint8Array(20 * 1024 * 1024)))).status, 413);
    });
  });
});
