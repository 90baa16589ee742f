import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type TestApp, testApp } from '../support/http-app.ts';

interface Detail {
  readonly pointer: string;
  readonly detail: string;
  readonly code?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly definition?: string;
}

const website = (
  properties: string,
  type = 'webservice',
  name = 'website',
) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata:
  name: ${name}
spec:
  components:
    - name: web
      type: ${type}
      properties: ${properties}
`;

describe('submitting an Application', () => {
  let app: TestApp;
  let key: string;
  const post = (body: string, path = '/v1/applications', headers: Record<string, string> = {}) =>
    app.request(path, { method: 'POST', body, key, headers });
  const refused = async (body: string, path?: string): Promise<readonly Detail[]> => {
    const answer = await post(body, path);
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.body['code'], 'application.invalid');
    return answer.body['errors'] as Detail[];
  };

  before(async () => {
    app = await testApp();
    key = await app.tenant('demo');
  });

  it('answers 202 with the run, and tells the queue', async () => {
    const answer = await post(website('{image: "nginx:1"}'));
    assert.equal(answer.status, 202, answer.text);
    const { run, statusUrl, revision } = answer.body as {
      run: { id: string; url: string };
      statusUrl: string;
      revision: number;
    };
    assert.equal(revision, 1);
    assert.equal(answer.headers.get('location'), run.url);
    assert.match(statusUrl, /\/status\/st_/);
    assert.ok(app.sent.some((message) => message.kind === 'run.advance' && message.run === run.id));
  });
  it('that misspells what is required is told of both', async () => {
    const answer = await post(website('{imag: "nginx:1"}', 'webservice', 'misspelt'));
    assert.equal(answer.status, 422, answer.text);
    const [error] = answer.body['errors'] as Detail[];
    assert.deepEqual([error?.pointer, error?.actual], ['/spec/components/0/properties/image', 'nothing']);
    assert.match(error?.detail ?? '', /Is it meant by "imag", which is no parameter\?/);
    const field = await post(website('{}', 'webservice', 'misspelt').replace('properties:', 'propertie:'));
    assert.equal(field.status, 422, field.text);
    const [warning] = field.body['warnings'] as Detail[];
    assert.equal(warning?.pointer, '/spec/components/0/propertie');
  });
  it('with a step that no run can take is refused by step, type and place, and planned with a warning', async () => {
    const workflow =
      '  workflow:\n    steps:\n      - {name: web, type: apply-component, properties: {component: web}}\n      - {name: wait, type: suspend}\n';
    const text = `${website('{image: "nginx:1"}', 'webservice', 'stepped')}${workflow}`;
    const [error] = await refused(text);
    assert.equal(error?.code, 'workflow-step-unsupported');
    assert.equal(error?.pointer, '/spec/workflow/steps/1/type');
    assert.match(error?.detail ?? '', /"wait" is of type suspend.*\(application\.yaml:13:22\)/);
    assert.deepEqual(
      [error?.expected, error?.actual],
      ['one of apply-component, builtin-apply-component, deploy', 'suspend'],
    );
    assert.equal((await app.request('/v1/namespaces/default/applications/stepped', { key })).status, 404);
    const planned = await post(text, '/v1/applications?dryRun=server');
    assert.equal(planned.status, 200, planned.text);
    assert.match(planned.text, /"kind":"Deployment"/);
    const warnings = planned.body['warnings'] as Detail[];
    assert.deepEqual(
      warnings.map(({ code, pointer }) => [code, pointer]),
      [['workflow-step-unsupported', '/spec/workflow/steps/1/type']],
    );
  });
  it('makes no new revision of the same spec in other words', async () => {
    const answer = await post(
      JSON.stringify({
        spec: { components: [{ properties: { image: 'nginx:1' }, type: 'webservice', name: 'web' }] },
        metadata: { name: 'website' },
        kind: 'Application',
        apiVersion: 'core.oam.dev/v1beta1',
      }),
    );
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body['revision'], 1);
    assert.equal(answer.body['outcome'], 'unchanged');
  });
  it('makes a revision of a changed spec', async () => {
    const answer = await post(website('{image: "nginx:2"}'));
    assert.equal(answer.body['revision'], 2);
  });
  it('takes several documents all or nothing', async () => {
    const broken = await post(
      `${website('{image: x}', 'webservice', 'one')}---\n${website('{}', 'webservice', 'two')}`,
    );
    assert.equal(broken.status, 422);
    assert.equal((await app.request('/v1/namespaces/default/applications/one', { key })).status, 404);
    const both = await post(
      `${website('{image: x}', 'webservice', 'one')}---\n${website('{image: z}', 'webservice', 'two')}`,
    );
    assert.equal(both.status, 202, both.text);
    assert.equal((both.body['applications'] as unknown[]).length, 2);
  });
  it('gives the same answer to the same Idempotency-Key, and refuses it for another body', async () => {
    const headers = { 'idempotency-key': 'abc' };
    const first = await post(website('{image: a}', 'webservice', 'idem'), undefined, headers);
    const second = await post(website('{image: a}', 'webservice', 'idem'), undefined, headers);
    assert.equal(first.status, 202, first.text);
    assert.equal(second.status, 202);
    assert.equal(second.text, first.text);
    assert.equal(second.headers.get('location'), first.headers.get('location'));
    const other = await post(website('{image: b}', 'webservice', 'idem'), undefined, headers);
    assert.equal(other.status, 422);
    assert.equal(other.body['code'], 'idempotency.mismatch');
  });
  it('answers the plan for a dry run and writes nothing', async () => {
    const answer = await post(website('{image: a}', 'webservice', 'dry'), '/v1/applications?dryRun=server');
    assert.equal(answer.status, 200, answer.text);
    const [plan] = answer.body['applications'] as { objects: { action: string; kind: string }[] }[];
    assert.deepEqual(
      plan?.objects.map(({ action, kind }) => [action, kind]),
      [['create', 'Deployment']],
    );
    assert.equal((await app.request('/v1/namespaces/default/applications/dry', { key })).status, 404);
  });

  describe('says what is wrong with', () => {
    it('YAML that is broken, by line', async () => {
      const [error] = await refused('kind: Application\n  metadata: [');
      assert.match(error?.detail ?? '', /application\.yaml:1:7/);
    });
    it('aliases that explode', async () => {
      const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join(
        '\n',
      );
      const [error] = await refused(`a0: &a0 x\n${levels}\n`);
      assert.ok(error !== undefined);
    });
    it('a type that is not the field’s', async () => {
      const [error] = await refused(
        'apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: x}\nspec: {components: 5}\n',
      );
      assert.equal(error?.pointer, '/spec/components');
    });
    it('an unknown component type, with the nearest name', async () => {
      const [error] = await refused(website('{image: a}', 'webservise'));
      assert.equal(error?.code, 'definition-not-found');
      assert.match(error?.detail ?? '', /webservice/);
    });
    it('a parameter, with expected, actual and the line of the definition', async () => {
      const [error] = await refused(website('{image: 5}'));
      assert.equal(error?.pointer, '/spec/components/0/properties/image');
      assert.equal(error?.expected, 'string');
      assert.match(error?.actual ?? '', /5/);
      assert.match(error?.definition ?? '', /^component\/webservice\.cue:\d+:\d+$/);
    });
    it('a required parameter that is missing', async () => {
      const [error] = await refused(website('{}'));
      assert.equal(error?.pointer, '/spec/components/0/properties/image');
    });
    it('a parameter of a policy or a step, with the line of the definition', async () => {
      const policies =
        '  policies:\n    - name: o\n      type: override\n      properties: {components: [{name: web, traits: [{properties: {}}]}]}\n';
      const errors = await refused(website('{image: "a"}') + policies);
      const ofPolicy = errors.find(({ pointer }) => pointer.startsWith('/spec/policies'));
      assert.equal(ofPolicy?.pointer, '/spec/policies/0/properties/components/0/traits/0/type');
      assert.match(ofPolicy?.definition ?? '', /^policy\/override\.cue:\d+:\d+$/);
      const steps =
        '  workflow:\n    steps:\n      - {name: s, type: apply-component, properties: {component: wbe}}\n';
      const [ofStep] = await refused(website('{image: "a"}') + steps);
      assert.equal(ofStep?.pointer, '/spec/workflow/steps/0/properties/component');
      assert.match(ofStep?.detail ?? '', /no component "wbe"\. Did you mean "web"\?/);
    });
    it('kinds that do not belong here, by name', async () => {
      const [error] = await refused('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n');
      assert.equal(error?.code, 'kind-not-accepted');
    });
    it('a body that is too large', async () => {
      const answer = await post(`# ${'x'.repeat(1024 * 1024)}`);
      assert.equal(answer.status, 413);
      assert.equal(answer.body['code'], 'request.too_large');
    });
    it('a body that is no text', async () => {
      const answer = await app.request('/v1/applications', {
        method: 'POST',
        key,
        body: new Uint8Array([0xff, 0xfe, 0x80]),
      });
      assert.equal(answer.status, 400);
    });
  });

  it('warns of an unknown parameter with the nearest name, and refuses it when strict', async () => {
    const text = website('{image: a, imagePullPolicies: Always}', 'webservice', 'typo');
    const answer = await post(text);
    assert.equal(answer.status, 202, answer.text);
    const [warning] = answer.body['warnings'] as Detail[];
    assert.equal(warning?.code, 'unknown-parameter');
    assert.match(warning?.detail ?? '', /imagePullPolicy/);
    await refused(text.replace('image: a', 'image: b'), '/v1/applications?strict=true');
  });

  describe("with a tenant's own definition", () => {
    const define = (name: string, template: string, headers: Record<string, string> = {}) =>
      app.request(`/v1/definitions/component/${name}`, {
        method: 'PUT',
        key,
        headers,
        body: `"${name}": {type: "component", description: "x", attributes: {workload: definition: {apiVersion: "v1", kind: "ConfigMap"}}}\ntemplate: {\n${template}\n}\n`,
      });
    const map =
      'output: {apiVersion: "v1", kind: "ConfigMap", metadata: name: context.name, data: "k": parameter.v}';

    it('uses it at once', async () => {
      const put = await define('note', `${map}\nparameter: v: string`);
      assert.equal(put.status, 201, put.text);
      const answer = await post(website('{v: hello}', 'note', 'noted'), '/v1/applications?dryRun=server');
      assert.match(answer.text, /"k":"hello"/);
    });
    it('refuses to overwrite one without If-Match, and takes it with', async () => {
      assert.equal((await define('note', `${map}\nparameter: v: string | *"d"`)).status, 428);
      const { headers } = await app.request('/v1/definitions/component/note', { key });
      const again = await define('note', `${map}\nparameter: v: string | *"d"`, {
        'if-match': headers.get('etag') ?? '',
      });
      assert.equal(again.status, 200, again.text);
    });
    it('refuses a template that does not compile', async () => {
      const put = await define('bad', 'output: {a: nowhere}\nparameter: {}');
      assert.equal(put.status, 422, put.text);
      assert.match(put.text, /nowhere/);
    });
    it('tells a CUE conflict of the template', async () => {
      await define('conflict', `${map}\noutput: data: k: "other"\nparameter: v: string`);
      const errors = await refused(website('{v: hello}', 'conflict', 'conflicting'));
      assert.ok(
        errors.some(({ detail }) => /conflict/.test(detail)),
        JSON.stringify(errors),
      );
    });
    it('ends a template that would never end, by its budget', async () => {
      const put = await define(
        'endless',
        `${map}\nparameter: v: string\n_x: [for a in _n for b in _n for c in _n for d in _n {a + b + c + d}]\n_n: [${Array.from({ length: 60 }, (_, i) => i).join(', ')}]\noutput: data: n: "\\(len(_x))"`,
      );
      assert.equal(put.status, 201, put.text);
      const errors = await refused(website('{v: hello}', 'endless', 'never'));
      assert.ok(
        errors.some(({ code }) => code === 'evaluate.budget'),
        JSON.stringify(errors),
      );
    });
  });
});
