import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSubmission } from '../../../engine/oam/parse.ts';

function refused(spec: string, metadata = 'name: shop'): readonly (readonly [string, string])[] {
  const read = parseSubmission(
    `apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {${metadata}}\nspec: {${spec}}\n`,
  );
  return read.ok ? [] : read.issues.map((i) => [i.code, i.path] as const);
}
const web = 'components: [{name: web, type: t}]';

describe('admission refuses', () => {
  it('two components of one name, and two steps', () => {
    assert.deepEqual(refused('components: [{name: a, type: t}, {name: b, type: t}, {name: a, type: t}]'), [
      ['duplicate-name', '/spec/components/2/name'],
    ]);
    const steps =
      'workflow: {steps: [{name: s, type: suspend}, {type: step-group, subSteps: [{name: s, type: suspend}]}]}';
    assert.deepEqual(refused(`${web}, ${steps}`), [
      ['duplicate-name', '/spec/workflow/steps/1/subSteps/0/name'],
    ]);
  });
  it('what has no type', () => {
    assert.deepEqual(refused('components: [{name: a, type: t, traits: [{}]}], policies: [{name: p}]'), [
      ['required', '/spec/components/0/traits/0/type'],
      ['required', '/spec/policies/0/type'],
    ]);
  });
  it('names that Kubernetes does not take', () => {
    assert.deepEqual(refused(web, 'name: Shop, namespace: a.b'), [
      ['invalid-name', '/metadata/name'],
      ['invalid-name', '/metadata/namespace'],
    ]);
  });
  it('timeouts that are no durations', () => {
    const timeout = (text: string): unknown =>
      refused(`${web}, workflow: {steps: [{name: s, type: suspend, timeout: "${text}"}]}`);
    for (const good of ['30s', '1h30m', '1.5h', '0', '100ms']) assert.deepEqual(timeout(good), [], good);
    for (const bad of ['30', 'soon', '1d', '-1s']) {
      assert.deepEqual(timeout(bad), [['invalid-timeout', '/spec/workflow/steps/0/timeout']], bad);
    }
  });
  it('publishVersion together with autoUpdate', () => {
    const annotations =
      'name: a, annotations: {app.oam.dev/publishVersion: "1", app.oam.dev/autoUpdate: "true"}';
    assert.deepEqual(
      refused(web, annotations).map(([code]) => code),
      ['annotations-conflict'],
    );
  });
});

it('a text that admission refuses can still be read', () => {
  const text =
    'apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: Shop}\nspec: {components: [{}]}\n';
  const read = parseSubmission(text, { admission: 'skip' });
  assert.ok(read.ok);
  assert.deepEqual(read.value.applications[0]!.spec.components, [{ name: '', type: '' }]);
});
