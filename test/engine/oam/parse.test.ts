import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Application } from '../../../engine/oam/application.ts';
import { specJson } from '../../../engine/oam/application.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import { specHash } from '../../../engine/oam/revision.ts';
import type { Issue } from '../../../engine/result.ts';

const head = 'apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata:\n  name: shop\n';

function application(spec: string, metadata = ''): { app: Application; warnings: readonly Issue[] } {
  const read = parseSubmission(`${head}${metadata}spec:\n${spec}`);
  assert.ok(read.ok, JSON.stringify(read));
  return { app: read.value.applications[0]!, warnings: read.warnings ?? [] };
}

function issues(text: string): readonly Issue[] {
  const read = parseSubmission(text);
  assert.ok(!read.ok, 'was accepted');
  return read.issues;
}

const web =
  '  components:\n  - {name: web, type: webservice, properties: {image: "nginx:1", ports: [{port: 80}]}}\n';

describe('an Application', () => {
  it('is read into plain data', () => {
    const { app, warnings } = application(
      `${web}  policies:\n  - {type: topology, properties: {clusters: [a]}}\n`,
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual(app.metadata, { name: 'shop', labels: {}, annotations: {} });
    assert.deepEqual(app.spec.policies, [{ name: '', type: 'topology', properties: { clusters: ['a'] } }]);
  });
  it('ignores what it does not know, with a warning that names the nearest field', () => {
    const { app, warnings } = application(
      '  componets: []\n  components:\n  - {name: web, type: worker, propertys: {x: 1}, traits: []}\n',
    );
    assert.deepEqual(app.spec.components, [{ name: 'web', type: 'worker' }]);
    assert.deepEqual(
      warnings.map((w) => w.path),
      ['/spec/components/0/propertys', '/spec/componets'],
    );
    assert.match(warnings[0]!.message, /Did you mean "properties"\?/);
  });
  it('counts null as absent', () => {
    const { app } = application(
      '  components:\n  - {name: web, type: worker, properties: null, traits: null, dependsOn: null}\n  workflow: null\n',
    );
    assert.deepEqual(app.spec, { components: [{ name: 'web', type: 'worker' }] });
  });
  it('loses labels and annotations that only the system sets, with a warning', () => {
    const { app, warnings } = application(
      web,
      '  annotations: {app.oam.dev/group: "cluster-admin", note: x}\n  labels: {app.oam.dev/name: other, team: a}\n',
    );
    assert.deepEqual(app.metadata.annotations, { note: 'x' });
    assert.deepEqual(app.metadata.labels, { team: 'a' });
    assert.deepEqual(warnings.map((w) => w.path).sort(), [
      '/metadata/annotations/app.oam.dev~1group',
      '/metadata/labels/app.oam.dev~1name',
    ]);
  });
});

describe('a wrong Application is told with pointer, expected, actual and place', () => {
  it('for a wrong type', () => {
    const [issue] = issues(`${head}spec:\n  components:\n  - name: 5\n    type: worker\n`);
    assert.deepEqual(
      [issue!.code, issue!.path, issue!.expected, issue!.actual, issue!.span?.line, issue!.span?.column],
      ['wrong-type', '/spec/components/0/name', 'a string', 'the number 5', 7, 5],
    );
  });
  it('for a missing field, and all of them at once', () => {
    const found = issues(`${head}spec:\n  components:\n  - {name: a}\n  - {type: b}\n`);
    assert.deepEqual(
      found.map((i) => [i.code, i.path]),
      [
        ['required', '/spec/components/0/type'],
        ['required', '/spec/components/1/name'],
      ],
    );
  });
  it('for a kind that is not accepted, by name', () => {
    const [issue] = issues('apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n');
    assert.equal(issue!.code, 'kind-not-accepted');
    assert.match(issue!.message, /Secret/);
  });
  it('for an API version that is not served', () => {
    const [issue] = issues(
      'apiVersion: core.oam.dev/v1alpha2\nkind: Application\nmetadata: {name: x}\nspec: {components: []}\n',
    );
    assert.deepEqual([issue!.code, issue!.path], ['not-allowed', '/apiVersion']);
  });
});

describe('the hash of a spec', () => {
  const none = { policies: [], workflow: null };
  const base = application(web).app;
  it('is the same for another spelling of the same content', () => {
    const other = application(
      '  components:\n  - properties: {ports: [{port: 0x50}], image: nginx:1}\n    type: webservice\n    name: web\n    unknown: 1\n',
    ).app;
    assert.equal(specHash(other, none), specHash(base, none));
  });
  it('changes with a property, with publishVersion and with an external policy', () => {
    const changed = application(web.replace('nginx:1', 'nginx:2')).app;
    const published = application(web, '  annotations: {app.oam.dev/publishVersion: v2}\n').app;
    const policy = {
      kind: 'Policy',
      metadata: { name: 'p', labels: {}, annotations: {} },
      type: 'override',
      properties: {},
    } as const;
    const hashes = [
      specHash(base, none),
      specHash(changed, none),
      specHash(published, none),
      specHash(base, { policies: [policy], workflow: null }),
    ];
    assert.equal(new Set(hashes).size, 4);
  });
  it('does not change with a label', () => {
    assert.equal(specHash(application(web, '  labels: {a: b}\n').app, none), specHash(base, none));
  });
});

it('a canonical spec leaves out what has no value', () => {
  const { app } = application(
    '  components:\n  - {name: web, type: worker, traits: [], dependsOn: [], properties: {b: 1, a: null}}\n  policies: []\n',
  );
  assert.equal(
    JSON.stringify(specJson(app.spec)),
    '{"components":[{"name":"web","type":"worker","properties":{"a":null,"b":1}}]}',
  );
});
