import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import type { Definition } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import type { JsonObject } from '../../../engine/json.ts';
import type { Component } from '../../../engine/oam/application.ts';
import type { ComponentRendering, ComponentRequest } from '../../../engine/render/component.ts';
import { renderComponent } from '../../../engine/render/component.ts';
import { componentContext, sharedContext } from '../../../engine/render/context.ts';
import type { HttpNeed } from '../../../engine/render/http-request.ts';
import { contractOf } from '../../../engine/render/output.ts';
import { planComponent } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';
import type { Issue, Result } from '../../../engine/result.ts';

function definition(
  type: 'component' | 'trait',
  name: string,
  template: string,
  attributes = '{}',
): Definition {
  const parsed = parseCueFile(
    `"${name}": {type: "${type}", attributes: ${attributes}}\ntemplate: {\n${template}\n}`,
    `${name}.cue`,
  );
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

const box = definition(
  'component',
  'box',
  'output: {apiVersion: "v1", kind: "Box", spec: {replicas: *1 | int, image: parameter.image, list: [{name: "a"}]}}\nparameter: image: string',
);
const metadata = { name: 'app', labels: {}, annotations: {} };
const source = { name: 'app', namespace: 'ns', revision: 'app-v3', metadata };

type Given = Partial<ComponentRequest> & { readonly definitions?: readonly Definition[] };

function rendered(component: Partial<Component>, given: Given = {}): Result<ComponentRendering> {
  const { definitions = [], ...request } = given;
  const registry = new DefinitionRegistry({
    stock: new StockDefinitions([]),
    definitions: [box, ...definitions],
  });
  const whole: Component = { name: 'web', type: 'box', properties: { image: 'i' }, ...component };
  const planned = planComponent(whole, '/spec/components/0', registry, {
    namespace: 'ns',
    autoUpdate: false,
  });
  assert.ok(planned.ok, JSON.stringify(planned));
  const place = {
    cluster: '',
    namespace: '',
    replicaKey: '',
    componentRevision: '',
    clusterVersion: { major: '1', minor: '31' },
  };
  return renderComponent({
    component: planned.value,
    context: componentContext(sharedContext({ ...source, components: [whole] }), 'web', 'ns', place),
    contract: contractOf(source, 'web', ''),
    environment: { cache: new TemplateCache({ libraries }) },
    ...request,
  });
}
function done(
  result: Result<ComponentRendering>,
): Extract<ComponentRendering, { state: 'rendered' }>['component'] {
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.value.state, 'rendered');
  return (result.value as Extract<ComponentRendering, { state: 'rendered' }>).component;
}
function needOf(result: Result<ComponentRendering>): HttpNeed {
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.value.state, 'needs');
  const [need, ...more] = (result.value as Extract<ComponentRendering, { state: 'needs' }>).requests;
  assert.ok(need !== undefined && more.length === 0);
  return need;
}
function spec(result: Result<ComponentRendering>): JsonObject {
  return done(result).workload['spec'] as JsonObject;
}
function issues(result: Result<ComponentRendering>): readonly Issue[] {
  assert.ok(!result.ok, 'was rendered');
  return result.issues;
}

const trait = (template: string, attributes = '{}'): Definition =>
  definition('trait', 't', template, attributes);
const withTrait = (
  template: string,
  attributes = '{}',
  properties: JsonObject = {},
): [Partial<Component>, Given] => [
  { traits: [{ type: 't', properties }] },
  { definitions: [trait(template, attributes)] },
];

describe('a trait', () => {
  it('sees the workload as the traits before it left it', () => {
    const first = definition('trait', 'first', 'patch: spec: replicas: 4\nparameter: {}');
    const second = definition(
      'trait',
      'second',
      'patch: metadata: annotations: seen: "\\(context.output.spec.replicas) \\(context.componentType)"\nparameter: {}',
    );
    const component = done(
      rendered({ traits: [{ type: 'first' }, { type: 'second' }] }, { definitions: [first, second] }),
    );
    assert.deepEqual((component.workload['metadata'] as JsonObject)['annotations'], { seen: '4 box' });
  });
  it('fills a default, and conflicts with what is written', () => {
    assert.equal(spec(rendered(...withTrait('patch: spec: replicas: 6\nparameter: {}')))['replicas'], 6);
    const [issue] = issues(rendered(...withTrait('patch: spec: image: "other"\nparameter: {}')));
    assert.deepEqual(
      [issue!.code, issue!.message],
      ['patch', 'trait t of component "web" does not fit: spec.image: conflicting values "i" and "other".'],
    );
  });
  it('patches every element of a list with an open list, also those with defaults', () => {
    assert.deepEqual(
      spec(rendered(...withTrait('patch: spec: list: [...{tty: *true | bool}]\nparameter: {}')))['list'],
      [{ name: 'a', tty: true }],
    );
  });
  it('adds to a closed struct, as KubeVela prints it without its bounds; declared fields keep their type', () => {
    const closed = definition(
      'component',
      'closed',
      '#Spec: {a: 1}\noutput: {kind: "X", spec: #Spec, meta: {size?: int}}\nparameter: {...}',
    );
    const patched = (patch: string): Result<ComponentRendering> =>
      rendered(
        { type: 'closed', properties: {}, traits: [{ type: 't' }] },
        { definitions: [closed, trait(`${patch}\nparameter: {}`)] },
      );
    assert.deepEqual(done(patched('patch: spec: b: 2')).workload['spec'], { a: 1, b: 2 });
    assert.match(issues(patched('patch: meta: size: "x"'))[0]!.message, /meta\.size: conflicting values/);
  });
  it('patches outputs by name', () => {
    const component = definition(
      'component',
      'pair',
      'output: {kind: "A"}\noutputs: b: {kind: "B", spec: x: 1}',
    );
    const result = rendered(
      { type: 'pair', properties: {}, traits: [{ type: 't' }] },
      { definitions: [component, trait('patchOutputs: b: spec: y: 2\nparameter: {}')] },
    );
    assert.deepEqual(done(result).objects[0]!.object['spec'], { x: 1, y: 2 });
  });
  it('of stage PostDispatch can wait for the workload to be healthy', () => {
    const [component, given] = withTrait('outputs: s: {kind: "S"}\nparameter: {}', '{stage: "PostDispatch"}');
    const deferred = done(rendered(component, { ...given, postDispatch: 'defer' }));
    assert.deepEqual([deferred.objects.length, deferred.pendingTraits], [0, ['t']]);
    assert.equal(done(rendered(component, given)).objects.length, 1);
  });
  describe('of stage PostDispatch, tried without a live status', () => {
    const tried = (template: string, properties?: JsonObject) => {
      const [component, given] = withTrait(template, '{stage: "PostDispatch"}', properties);
      return rendered(component, { ...given, postDispatch: 'try' });
    };
    it('is rendered where it needs none', () => {
      assert.equal(done(tried('outputs: s: {kind: "S"}\nparameter: {}')).objects.length, 1);
    });
    it('is pending where it does, and the rest is rendered', () => {
      const needing = 'outputs: s: {kind: "S", ip: context.output.status.ip}\nparameter: {}';
      const component = done(tried(needing));
      assert.deepEqual([component.objects, component.pendingTraits], [[], ['t']]);
    });
    it('is pending where it wants a response', () => {
      const http = 'processing: http: {method: "GET", url: "https://a.test/"}\nparameter: {}';
      assert.deepEqual(done(tried(http)).pendingTraits, ['t']);
    });
    it('is still told what is wrong with its parameters', () => {
      const [issue] = issues(tried('outputs: s: {kind: "S", n: parameter.n}\nparameter: n: int', { n: 'x' }));
      assert.equal(issue!.code, 'parameter.invalid');
    });
  });
  it('of stage PostDispatch alone sees what the component gives and not what other traits make of it', () => {
    const definitions = [
      definition('trait', 'patch', 'patch: spec: replicas: 4\nparameter: {}'),
      trait(
        'outputs: s: {kind: "S", n: context.output.spec.replicas, ready: context.output.status.ready}\nparameter: {}',
        '{stage: "PostDispatch"}',
      ),
    ];
    const component = { traits: [{ type: 'patch' }, { type: 't' }] };
    const given = { definitions, postDispatch: 'only', liveStatus: { ready: 2 } } as const;
    const [object, ...more] = done(rendered(component, given)).objects;
    assert.deepEqual([object!.object['n'], object!.object['ready'], more], [1, 2, []]);
  });
  it('sees the live status beside the rendered object', () => {
    const [component, given] = withTrait(
      'outputs: s: {kind: "S", ip: context.output.status.ip, image: context.output.spec.image}\nparameter: {}',
    );
    const [object] = done(rendered(component, { ...given, liveStatus: { ip: '10.0.0.1' } })).objects;
    assert.deepEqual([object!.object['ip'], object!.object['image']], ['10.0.0.1', 'i']);
  });
  it('that manages the workload keeps it from being applied', () => {
    assert.equal(done(rendered(...withTrait('parameter: {}', '{manageWorkload: true}'))).skipWorkload, true);
  });
});

describe('processing.http', () => {
  const [component, given] = withTrait(
    'processing: {output: {token?: string}, http: {method: *"GET" | string, url: parameter.url, request: header: "x-a": "b"}}\npatch: spec: token: processing.output.token\nparameter: url: string',
    '{}',
    { url: 'https://example.test/token' },
  );
  it('is asked for, not done', () => {
    const result = rendered(component, given);
    assert.ok(result.ok);
    assert.deepEqual(result.value, {
      state: 'needs',
      requests: [
        {
          key: needOf(result).key,
          request: {
            method: 'GET',
            url: 'https://example.test/token',
            header: { 'x-a': 'b' },
            body: null,
          },
          answer: 'object',
          component: 'web',
          title: 'trait t of component "web"',
          path: '/spec/components/0/traits/0/properties',
        },
      ],
    });
  });
  it('is filled with the response', () => {
    const { key } = needOf(rendered(component, given));
    assert.equal(
      spec(rendered(component, { ...given, responses: new Map([[key, { token: 'secret' }]]) }))['token'],
      'secret',
    );
  });
  it('is another need where the request or the place is another', () => {
    const keyWith = (url: string) => {
      const [other, more] = withTrait(
        'processing: http: {method: "GET", url: parameter.url}\nparameter: url: string',
        '{}',
        {
          url,
        },
      );
      return needOf(rendered(other, more)).key;
    };
    assert.equal(keyWith('https://a.test/'), keyWith('https://a.test/'));
    assert.notEqual(keyWith('https://a.test/'), keyWith('https://b.test/'));
  });
  it('carries bodies of text and bytes, and takes them for JSON unless told otherwise', () => {
    const asked = (body: string) => {
      const [other, more] = withTrait(
        `processing: http: {method: "post", url: "https://a.test/", request: body: ${body}}\nparameter: {}`,
      );
      return needOf(rendered(other, more)).request;
    };
    const common = { method: 'POST', url: 'https://a.test/', header: { 'Content-Type': 'application/json' } };
    assert.deepEqual(asked('"x"'), { ...common, body: { encoding: 'utf8', text: 'x' } });
    assert.deepEqual(asked("'\\xff'"), { ...common, body: { encoding: 'base64', text: '/w==' } });
  });
  it('keeps what comes after it waiting for its response', () => {
    const template = (url: string, field: string) =>
      `processing: {output: v?: string, http: {method: "GET", url: ${url}}}\npatch: spec: ${field}: processing.output.v\nparameter: {}`;
    const definitions = [
      definition('trait', 'one', template('"https://a.test/"', 'first')),
      definition('trait', 'two', template('"https://a.test/" + context.output.spec.first', 'second')),
    ];
    const chain = { traits: [{ type: 'one' }, { type: 'two' }] };
    const first = needOf(rendered(chain, { definitions }));
    assert.equal(first.request.url, 'https://a.test/');
    const responses = new Map<string, JsonObject>([[first.key, { v: 'next' }]]);
    const second = needOf(rendered(chain, { definitions, responses }));
    assert.equal(second.request.url, 'https://a.test/next');
    responses.set(second.key, { v: 'end' });
    assert.equal(spec(rendered(chain, { definitions, responses }))['second'], 'end');
  });
  it('without a method, with a header that is no text, or with certificates is an issue', () => {
    const issue = (http: string) => {
      const [other, more] = withTrait(`processing: http: {${http}}\nparameter: {}`);
      return issues(rendered(other, more))[0]!;
    };
    assert.match(issue('url: "https://a.test/"').message, /processing\.http\.method must be a string/);
    const header = 'method: "GET", url: "https://a.test/", request: header: a: 1';
    assert.match(issue(header).message, /processing\.http\.request\.header\.a must be a string/);
    assert.equal(issue('method: "GET", url: "https://a.test/", tls_config: ca: "x"').code, 'processing.tls');
  });
});

describe('errors', () => {
  it('of parameters name pointer, expected, actual and the line of the definition', () => {
    const [issue] = issues(rendered({ properties: { image: 5 } }));
    assert.deepEqual(
      [issue!.code, issue!.path, issue!.expected, issue!.actual, issue!.definition],
      [
        'parameter.invalid',
        '/spec/components/0/properties/image',
        'string',
        'the number 5',
        { source: 'box.cue', line: 4, column: 12 },
      ],
    );
    assert.equal(issues(rendered({ properties: {} }))[0]!.code, 'parameter.required');
  });
  it('the author raises are told in his words', () => {
    const found = issues(rendered(...withTrait('errs: ["no", "not so"]\nparameter: {}')));
    assert.deepEqual(
      found.map((i) => [i.code, i.message]),
      [
        ['user-error', 'no'],
        ['user-error', 'not so'],
      ],
    );
  });
  it('of a missing parameter are not hidden by a trait that cannot be evaluated', () => {
    const found = issues(
      rendered({ properties: {}, traits: [{ type: 't' }] }, { definitions: [trait('parameter: {}')] }),
    );
    assert.deepEqual(
      found.map((i) => i.code),
      ['evaluate', 'parameter.required'],
    );
  });
  it('of syntax and of unknown names name the line', () => {
    for (const text of ['\npatch: {', '\npatch: spec: x: unknown']) {
      const broken: Definition = {
        ...trait('a: 1'),
        schematic: { type: 'cue', template: { text, source: 'broken', line: 1 } },
      };
      const [issue] = issues(rendered({ traits: [{ type: 't' }] }, { definitions: [broken] }));
      assert.deepEqual([issue!.code, issue!.definition?.line], ['compile', 2]);
    }
  });
  it('tell an object without a kind', () => {
    const nameless = definition('component', 'nameless', 'output: {spec: 1}\nparameter: {...}');
    assert.match(
      issues(rendered({ type: 'nameless' }, { definitions: [nameless] }))[0]!.message,
      /'Kind' is missing/,
    );
  });
  it('tell a template that needs too much work', () => {
    const heavy = definition(
      'component',
      'heavy',
      'output: {kind: "X", l: [for a in x for b in x for c in x {a + b + c}]}\nx: [for i in [1, 2, 3, 4, 5, 6, 7, 8, 9] for j in [1, 2, 3] {i * j}]\nparameter: {...}',
    );
    const environment = { cache: new TemplateCache({ libraries }), budget: { steps: 20_000 } };
    assert.equal(
      issues(rendered({ type: 'heavy' }, { definitions: [heavy], environment }))[0]!.code,
      'evaluate.budget',
    );
  });
});

it('parameters that nothing declares warn', () => {
  const result = rendered({ properties: { image: 'i', imgae: 'j' } });
  assert.ok(result.ok);
  assert.deepEqual(
    result.warnings?.map((w) => [w.code, w.path]),
    [['unknown-parameter', '/spec/components/0/properties/imgae']],
  );
});

it('maps reach comprehensions in byte order of their keys, whatever their order in the text', () => {
  const keys = definition(
    'component',
    'keys',
    'output: {kind: "X", k: [for k, _ in parameter.m {k}]}\nparameter: m: [string]: int',
  );
  const m = { b: 1, '10': 1, a: 1, '9': 1, Z: 1 };
  assert.deepEqual(
    done(rendered({ type: 'keys', properties: { m } }, { definitions: [keys] })).workload['k'],
    ['10', '9', 'Z', 'a', 'b'],
  );
});

it('a Terraform component gives a Configuration with its properties as variables', () => {
  const cloud: Definition = {
    ...box,
    name: 'cloud',
    schematic: {
      type: 'terraform',
      terraform: {
        configuration: 'https://example.test/m.git',
        type: 'remote',
        path: 'p',
        references: { providerRef: { name: 'aws' } },
      },
    },
  };
  const { workload } = done(
    rendered(
      { type: 'cloud', properties: { size: 3, writeConnectionSecretToRef: { name: 's' } } },
      { definitions: [cloud] },
    ),
  );
  assert.deepEqual(workload['spec'], {
    gitRef: {},
    writeConnectionSecretToRef: { name: 's', namespace: 'ns' },
    providerRef: { name: 'aws' },
    remote: 'https://example.test/m.git',
    path: 'p',
    variable: { size: 3 },
  });
});

it('a compiled template is used again for the same content', () => {
  const cache = new TemplateCache({ libraries });
  const text = { text: 'output: {kind: "X"}', source: 'a', line: 1 };
  assert.equal(cache.get(text), cache.get({ ...text, source: 'b' }));
});
