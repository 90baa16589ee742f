/** Calls of `vela/*` in templates of components and traits; test/corpus/render/custom/provider-* has KubeVela's own answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import type { Definition } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { velaPackages } from '../../../engine/definitions/packages.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import type { JsonObject } from '../../../engine/json.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import { type Rendering, renderApplication } from '../../../engine/render/application.ts';
import { planApplication } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';
import type { Issue, Result } from '../../../engine/result.ts';

const cache = new TemplateCache({ libraries, imports: velaPackages('render') });
const stock = new StockDefinitions(stockFiles);

function definition(type: 'component' | 'trait' | 'policy', template: string): Definition {
  const imports = template.split('\n').filter((line) => line.startsWith('import '));
  const rest = template.split('\n').filter((line) => !line.startsWith('import '));
  const text = `${imports.join('\n')}\nown: {type: "${type}", attributes: {}}\ntemplate: {\n${rest.join('\n')}\n}`;
  const parsed = parseCueFile(text, 'own.cue');
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

const component = (body: string, data = 'x: "1"') =>
  definition('component', `${body}\noutput: {apiVersion: "v1", kind: "ConfigMap", data: {${data}}}`);

interface Given {
  readonly spec?: string;
  readonly responses?: ReadonlyMap<string, JsonObject>;
}

function rendered(own: Definition, { spec = 'components: [{name: web, type: own}]', responses }: Given = {}) {
  const text = `apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec: {${spec}}`;
  const read = parseSubmission(text, { source: 'application.yaml' });
  assert.ok(read.ok);
  const [application] = read.value.applications;
  assert.ok(application !== undefined);
  const registry = new DefinitionRegistry({ stock, definitions: [own] });
  const around = { environment: { cache }, clusterVersion: () => ({ major: '1', minor: '31' }) };
  const plan = planApplication({ application, registry, ...around });
  assert.ok(plan.ok, JSON.stringify(plan));
  return renderApplication({
    plan: plan.value,
    revision: 'shop-v1',
    ...around,
    ...(responses === undefined ? {} : { responses }),
  });
}

function issueOf(result: Result<Rendering>): Issue {
  assert.ok(!result.ok, 'it renders');
  const [issue] = result.issues;
  assert.ok(issue !== undefined);
  return issue;
}

function madeOf(result: Result<Rendering>): Rendering {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

const reading = (name: string, params: string) =>
  `import "vela/kube"\nread: one: kube.#${name} & {$params: ${params}}`;
const configMap = 'resource: {apiVersion: "v1", kind: "ConfigMap", metadata: {name: "a", namespace: "b"}}';

describe('what needs a cluster is refused', () => {
  it('with the definition, the provider, the object and the place in the text', () => {
    const issue = issueOf(rendered(component(reading('Get', `{${configMap}}`))));
    assert.equal(issue.code, 'provider.cluster');
    assert.equal(issue.path, '/spec/components/0/properties');
    assert.equal(
      issue.message,
      'component "web" of type own: read.one: kube "get" reads ConfigMap b/a in a cluster, which a rendering here cannot do.',
    );
    assert.equal(issue.definition?.line, 4);
  });
  for (const [name, params, says] of [
    ['List', '{resource: {apiVersion: "v1", kind: "Pod"}}', 'reads Pod in'],
    ['Apply', `{${configMap}}`, 'writes ConfigMap b/a in'],
    ['Patch', `{${configMap}, patch: {type: "merge", data: {}}}`, 'writes ConfigMap b/a in'],
  ] as const) {
    it(`also ${name}`, () => {
      const issue = issueOf(rendered(component(reading(name, params))));
      assert.equal(issue.code, 'provider.cluster');
      assert.ok(issue.message.includes(says), issue.message);
    });
  }
  it('in a trait and in a policy too', () => {
    const template = reading('Get', `{${configMap}}`);
    const trait = definition('trait', template);
    const one = '{name: web, type: worker, properties: {image: i}, traits: [{type: own, properties: {}}]}';
    assert.equal(
      issueOf(rendered(trait, { spec: `components: [${one}]` })).path,
      '/spec/components/0/traits/0/properties',
    );
    const policy = definition('policy', `${template}\noutput: {apiVersion: "v1", kind: "ConfigMap"}`);
    const plain = '{name: web, type: worker, properties: {image: i}}';
    const spec = `components: [${plain}], policies: [{name: p, type: own, properties: {}}]`;
    assert.equal(issueOf(rendered(policy, { spec })).code, 'provider.cluster');
  });
});

describe('what reaches out in its own way is refused', () => {
  it('a Helm chart', () => {
    const spec =
      'components: [{name: web, type: helmchart, properties: {chart: {source: nginx, repoURL: "https://charts.example"}}}]';
    assert.equal(issueOf(rendered(component(''), { spec })).code, 'provider.unsupported');
  });
  it('a registry', () => {
    const template = 'import "vela/config"\nr: config.#ImageRegistry & {$params: registry: "r.example"}';
    assert.equal(issueOf(rendered(component(template))).code, 'provider.unsupported');
  });
});

const get = (url: string) => `import "vela/http"\nr: http.#Get & {$params: url: ${url}}`;
const answer = { statusCode: 404, header: { 'X-A': ['b'] }, trailer: {}, body: 'text' };

describe('an HTTP request of vela/http', () => {
  it('is asked for with what it sends, and its answer is seen whatever its status', () => {
    const template = component(
      'import "vela/http"\nr: http.#Post & {$params: {url: "https://a.example/", request: {body: "hi", header: "X-T": "u"}}}',
      'status: "\\(r.$returns.statusCode)", body: r.$returns.body, a: r.$returns.header["X-A"][0]',
    );
    const first = madeOf(rendered(template));
    assert.deepEqual(first.entries, []);
    const [need] = first.needs;
    assert.ok(need !== undefined && first.needs.length === 1);
    assert.equal(need.answer, 'response');
    assert.deepEqual(need.request, {
      method: 'POST',
      url: 'https://a.example/',
      header: { 'X-T': 'u' },
      body: { encoding: 'utf8', text: 'hi' },
    });
    const second = madeOf(rendered(template, { responses: new Map([[need.key, answer]]) }));
    assert.deepEqual(second.needs, []);
    assert.deepEqual(second.entries[0]?.component.workload['data'], { status: '404', body: 'text', a: 'b' });
  });
  it('may depend on an answer', () => {
    const template = component(`${get('"https://a.example/"')}
      after: http.#Get & {$params: url: "https://b.example/\\(r.$returns.body)"}`);
    const responses = new Map<string, JsonObject>();
    const urls: string[] = [];
    for (let round = 0; round < 3; round++) {
      const { needs } = madeOf(rendered(template, { responses }));
      for (const { key, request } of needs) {
        urls.push(request.url);
        responses.set(key, answer);
      }
    }
    assert.deepEqual(urls, ['https://a.example/', 'https://b.example/text']);
  });
  it('may be asked for by a policy', () => {
    const policy = definition(
      'policy',
      `${get('parameter.url')}\nparameter: url: string\noutput: {apiVersion: "v1", kind: "ConfigMap", data: b: r.$returns.body}`,
    );
    const one = '{name: web, type: worker, properties: {image: i}}';
    const spec = `components: [${one}], policies: [{name: p, type: own, properties: {url: "https://a.example/"}}]`;
    const { needs } = madeOf(rendered(policy, { spec }));
    const responses = new Map(needs.map(({ key }) => [key, answer]));
    const [object] = madeOf(rendered(policy, { spec, responses })).policyObjects;
    assert.deepEqual(object?.['data'], { b: 'text' });
  });
});

it('more calls than can be meant are an issue', () => {
  const template = component(
    'import "vela/base64"\nimport "list"\nall: [for n in list.Range(0, 101, 1) {base64.#Encode & {$params: "\\(n)"}}]',
  );
  assert.equal(issueOf(rendered(template)).code, 'provider.too-many');
});
