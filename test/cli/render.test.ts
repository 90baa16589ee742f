import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { render } from '../../cli/render.ts';

const folder = mkdtempSync(join(tmpdir(), 'mainsheet-render-'));
mkdirSync(join(folder, 'definitions'));
after(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await render(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { status, out: out.join(''), err: err.join('') };
}
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const app = file(
  'app.yaml',
  `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
    - name: web
      type: own
      properties: {text: hello}
`,
);
const own = file(
  'definitions/own.cue',
  'own: {type: "component"}\ntemplate: {\n\toutput: {apiVersion: "v1", kind: "ConfigMap", data: text: parameter.text}\n\tparameter: text: string\n}\n',
);

describe('mainsheet render', () => {
  it('prints objects as YAML, the usual fields first', async () => {
    const { status, out, err } = await run('-f', app, '-d', own);
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^---\n# component web\napiVersion: v1\nkind: ConfigMap\nmetadata:\n {2}name: web\n/);
  });
  it('prints the objects of what no run can take yet, with a warning', async () => {
    const text = `apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components: [{name: web, type: own, properties: {text: hello}}]\n  workflow:\n    steps: [{name: wait, type: suspend}]\n`;
    const { status, out, err } = await run('-f', file('stepped.yaml', text), '-d', own);
    assert.equal(status, 0);
    assert.match(out, /kind: ConfigMap/);
    assert.match(
      err,
      /warning: The workflow step "wait" is of type suspend.*\n {2}at .*stepped\.yaml:7:26\n/,
    );
  });
  it('says what it leaves out because an answer is needed first', async () => {
    const asking = file(
      'definitions/asking.cue',
      'import "vela/http"\n\nasking: {type: "component"}\ntemplate: {\n\tcall: http.#Get & {$params: url: "https://example.test/"}\n\toutput: {apiVersion: "v1", kind: "Secret", data: t: call.$returns.body}\n}\n',
    );
    const text = `apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components: [{name: web, type: own, properties: {text: hello}}, {name: far, type: asking}]\n`;
    const { status, out, err } = await run('-f', file('asking.yaml', text), '-d', own, '-d', asking);
    assert.equal(status, 0);
    assert.deepEqual([out.includes('ConfigMap'), out.includes('Secret')], [true, false]);
    assert.match(err, /warning: component "far" of type asking asks for GET https:\/\/example\.test\/ first/);
  });
  it('prints JSON with where each object goes', async () => {
    const placed = file(
      'placed.yaml',
      `${'apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components: [{name: web, type: own, properties: {text: hello}}]\n'}  policies: [{type: topology, properties: {clusterLabelSelector: {zone: eu}, namespace: east}}]\n`,
    );
    const { out } = await run(
      '-f',
      placed,
      '-d',
      join(folder, 'definitions'),
      '--cluster',
      'one=zone=eu',
      '--cluster',
      'two=zone=us',
      '-o',
      'json',
    );
    const printed = JSON.parse(out) as {
      component: string;
      cluster: string;
      step: string;
      object: { metadata: { namespace: string } };
    }[];
    assert.deepEqual(
      printed.map((p) => [p.component, p.cluster, p.step, p.object.metadata.namespace]),
      [['web', 'one', 'deploy-topology-auto-gen-0', 'east']],
    );
  });
  it('tells errors with the place in the text and the rule they break', async () => {
    const wrong = file(
      'wrong.yaml',
      'apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n    - name: web\n      type: own\n      properties: {text: 5}\n',
    );
    const { status, out, err } = await run('-f', wrong, '-d', own);
    assert.deepEqual([status, out], [1, '']);
    assert.match(
      err,
      /^error: The parameter "text" of own does not fit: it must be string, not the number 5\. \[parameter\.invalid\]\n {2}at .*wrong\.yaml:8:20\n {2}in \/spec\/components\/0\/properties\/text\n {2}because of .*own\.cue:4:13\n$/,
    );
  });
  it('says what is wrong with its options', async () => {
    assert.deepEqual(
      [(await run()).status, (await run('--nope')).status, (await run('-f', app, '-o', 'xml')).status],
      [2, 2, 2],
    );
    assert.equal((await run('--help')).status, 0);
    assert.match((await run('-f', join(folder, 'missing.yaml'))).err, /no such file/);
  });
});
