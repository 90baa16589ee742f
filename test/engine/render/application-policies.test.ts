/** Policies of scope Application; test/corpus/render/custom/application-policy-* has KubeVela's own answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import type { Definition } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { velaPackages } from '../../../engine/definitions/packages.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import { planApplication } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';

const environment = { cache: new TemplateCache({ libraries, imports: velaPackages('render') }) };
const stock = new StockDefinitions(stockFiles);

function policy(name: string, template: string, attributes = ''): Definition {
  const imports = template.split('\n').filter((line) => line.startsWith('import '));
  const body = template.split('\n').filter((line) => !line.startsWith('import '));
  const parsed = parseCueFile(
    `${imports.join('\n')}\n${name}: {type: "policy", attributes: {scope: "Application", ${attributes}}}\ntemplate: {\n${body.join('\n')}\n}`,
    `${name}.cue`,
  );
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

function plan(definitions: readonly Definition[], policies: readonly string[] = []) {
  const used = policies.map((type) => `{name: ${type}, type: ${type}, properties: {}}`).join(', ');
  const read = parseSubmission(
    `apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec: {components: [{name: web, type: worker, properties: {image: i}}], policies: [${used}]}`,
  );
  assert.ok(read.ok);
  const [application] = read.value.applications;
  assert.ok(application !== undefined);
  const registry = new DefinitionRegistry({ stock, definitions });
  const clusterVersion = () => ({ major: '1', minor: '31' });
  return planApplication({ application, registry, environment, clusterVersion });
}

describe('what Mainsheet cannot do for a policy', () => {
  const reading =
    'import "vela/kube"\nr: kube.#Get & {$params: resource: {apiVersion: "v1", kind: "ConfigMap", metadata: name: "a"}}\noutput: labels: a: "b"';
  const asking =
    'import "vela/http"\nr: http.#Get & {$params: url: "https://a.example/"}\noutput: labels: a: "b"';
  for (const [what, template, code] of [
    ['reading a cluster', reading, 'provider.cluster'],
    ['asking for HTTP', asking, 'provider.http'],
  ] as const) {
    it(`is an issue and not a policy left out: ${what}`, () => {
      const named = plan([policy('own', template)], ['own']);
      assert.deepEqual(named.ok ? [] : named.issues.map((issue) => [issue.code, issue.path]), [
        [code, '/spec/policies/0/properties'],
      ]);
      const global = plan([policy('own', template, 'global: true')]);
      assert.deepEqual(global.ok ? [] : global.issues.map((issue) => issue.code), [code]);
    });
  }
  it('and a global policy that is wrong is left out with a warning', () => {
    const planned = plan([policy('own', 'output: labels: a: 5', 'global: true')]);
    assert.ok(planned.ok);
    assert.deepEqual(
      planned.warnings?.map(({ code }) => code),
      ['policy.global-skipped'],
    );
    assert.deepEqual(
      planned.value.applied.map(({ applied, error }) => [applied, error]),
      [[false, true]],
    );
  });
});

it('a policy makes no more components than can be meant', () => {
  const many = policy(
    'many',
    'import "list"\noutput: components: [for i in list.Range(0, 1001, 1) {name: "c\\(i)", type: "worker"}]',
  );
  const planned = plan([many], ['many']);
  assert.match(planned.ok ? '' : String(planned.issues[0]?.message), /more than 1000 components/);
});

it('an Application without such policies is planned as it is', () => {
  const planned = plan([]);
  assert.ok(planned.ok);
  assert.deepEqual([planned.value.custom, planned.value.applied], [undefined, []]);
});
