import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import { globalPolicyIssues } from '../../../engine/definitions/global-policy.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';

function issues(attributes: string, template = 'output: labels: a: "b"', type = 'policy') {
  const parsed = parseCueFile(
    `p: {type: "${type}", attributes: {${attributes}}}\ntemplate: {\n${template}\n}`,
    'p.cue',
  );
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return globalPolicyIssues(parsed.value, libraries).map(({ code, message }) => `${code}: ${message}`);
}
const right = 'global: true, scope: "Application"';

it('a global policy is one of scope Application', () => {
  assert.deepEqual(issues(right), []);
  assert.deepEqual(issues('global: true'), [
    'definition.global-policy: The policy p is global: its scope must be Application, or it has no effect.',
  ]);
});

it('a global policy has no parameter that somebody would have to give', () => {
  assert.deepEqual(
    issues(right, 'parameter: {a: *1 | int, b: *"x" | string}\noutput: ctx: a: parameter.a'),
    [],
  );
  assert.deepEqual(
    issues(right, 'parameter: {a: *1 | int, b: string, c?: int}\noutput: ctx: a: parameter.a'),
    [
      'definition.global-policy: The policy p is global: each of its parameters needs a default, and "b", "c" has none.',
    ],
  );
  assert.deepEqual(issues(right, 'parameter: a: string\noutput: ctx: a: context.name').length, 1);
});

it('nothing is asked of other definitions', () => {
  assert.deepEqual(issues('scope: "Application"', 'parameter: a: string\noutput: {}'), []);
});
