import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { velaPackages } from '../../../engine/definitions/packages.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import { checkDeclaredParameters } from '../../../engine/render/declared-parameters.ts';
import { planApplication } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';

const cache = new TemplateCache({ libraries, imports: velaPackages('render') });
const stepCache = new TemplateCache({ libraries, imports: velaPackages('step') });
const registry = new DefinitionRegistry({ stock: new StockDefinitions(stockFiles), definitions: [] });

/** Issues and warnings of an Application with these parts in its spec: code, pointer and more. */
function found(parts: object) {
  const components = [{ name: 'web', type: 'webservice', properties: { image: 'a' } }];
  const spec = { components, ...parts };
  const text = JSON.stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name: 'a' },
    spec,
  });
  const parsed = parseSubmission(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const [application] = parsed.value.applications;
  assert.ok(application !== undefined);
  const clusterVersion = () => ({ major: '1', minor: '31', gitVersion: 'v1.31.0', platform: 'linux/amd64' });
  const plan = planApplication({ application, registry, environment: { cache }, clusterVersion });
  assert.ok(plan.ok, JSON.stringify(plan));
  const checked = checkDeclaredParameters(plan.value, {
    policy: { cache },
    workflowstep: { cache: stepCache },
  });
  return { issues: checked.ok ? [] : checked.issues, warnings: checked.warnings ?? [] };
}
const step = (type: string, properties: object, more: object = {}) => ({
  workflow: { steps: [{ name: 's', type, properties, ...more }] },
});
const policy = (type: string, properties: object) => ({ policies: [{ name: 'p', type, properties }] });

describe('a parameter that nothing evaluates before a run', () => {
  for (const [what, parts, code, path, expected] of [
    ['suspend', step('suspend', { duration: 5 }), 'parameter.invalid', 'duration', 'string'],
    ['apply-component', step('apply-component', {}), 'parameter.required', 'component', 'string'],
    [
      'export-data',
      step('export-data', { kind: 'Secrt', data: {} }),
      'parameter.invalid',
      'kind',
      'one of "ConfigMap", "Secret"',
    ],
    ['apply-once', policy('apply-once', { enable: 'yes' }), 'parameter.invalid', 'enable', '*false | bool'],
    [
      'garbage-collect',
      policy('garbage-collect', { rules: [{ selector: {}, strategy: 'nevr' }] }),
      'parameter.invalid',
      'rules/0/strategy',
      'one of "onAppUpdate", "onAppDelete", "never"',
    ],
    ['replication', policy('replication', { keys: 'x' }), 'parameter.invalid', 'keys', '[...string]'],
  ] as const)
    it(`of ${what} is told with pointer, expected and the line of the definition`, () => {
      const { issues } = found(parts);
      const place = 'workflow' in parts ? '/spec/workflow/steps/0/properties' : '/spec/policies/0/properties';
      assert.deepEqual(
        issues.map((issue) => [issue.code, issue.path]),
        [[code, `${place}/${path}`]],
      );
      assert.equal(issues[0]?.expected, expected);
      assert.match(issues[0]?.definition?.source ?? '', new RegExp(`/${what}\\.cue$`));
    });
  it('is told with the nearest name', () => {
    const [wrong] = found(policy('garbage-collect', { rules: [{ selector: {}, strategy: 'nevr' }] })).issues;
    assert.match(wrong?.message ?? '', /Did you mean "never"\?$/);
    const [unknown] = found(step('apply-component', { component: 'web', clustr: 'c' })).warnings;
    assert.deepEqual(
      [unknown?.code, unknown?.path],
      ['unknown-parameter', '/spec/workflow/steps/0/properties/clustr'],
    );
    assert.match(unknown?.message ?? '', /Did you mean "cluster"\?$/);
  });
  it('that is the name of a component names one that is there', () => {
    for (const type of ['apply-component', 'builtin-apply-component']) {
      assert.deepEqual(found(step(type, { component: 'web' })).issues, []);
      const [wrong] = found(step(type, { component: 'wbe' })).issues;
      assert.deepEqual(
        [wrong?.code, wrong?.path, wrong?.expected, wrong?.actual],
        ['component-not-found', '/spec/workflow/steps/0/properties/component', 'web', 'wbe'],
      );
      assert.match(wrong?.message ?? '', /Did you mean "web"\?$/);
    }
  });
  it('may come from another step', () => {
    const inputs = [{ from: 'x', parameterKey: 'component' }];
    assert.deepEqual(found(step('apply-component', {}, { inputs })), { issues: [], warnings: [] });
  });
  it('of a policy may be one that only KubeVela reads', () => {
    assert.deepEqual(found(policy('garbage-collect', { order: 'dependency' })), { issues: [], warnings: [] });
  });
});
