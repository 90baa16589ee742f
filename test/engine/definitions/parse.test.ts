import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainParameter, unknownParameters } from '../../../engine/definitions/check-parameters.ts';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import { parseCustomResources } from '../../../engine/definitions/custom-resource.ts';
import type { Definition } from '../../../engine/definitions/definition.ts';
import { templateOf } from '../../../engine/definitions/definition.ts';
import { parameterShape } from '../../../engine/definitions/parameter-shape.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import type { Result } from '../../../engine/result.ts';

function value<T>(result: Result<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
function issue(result: Result<unknown>): { code: string; line: number | undefined; message: string } {
  assert.ok(!result.ok, 'was accepted');
  const [first] = result.issues;
  return { code: first!.code, line: first!.span?.line, message: first!.message };
}

const file = `import "strings"

"my-trait": {
	type: "trait"
	annotations: {"a": "b", "definition.oam.dev/x": "y"}
	labels: {}
	description: "Does it."
	attributes: {
		appliesToWorkloads: ["deployments.apps"]
		podDisruptive: true
		stage: "PostDispatch"
		status: healthPolicy: {
			isHealth: true
		}
		status: customStatus: #"message: "\\(1)""#
	}
}
template: {
	patch: spec: name: strings.ToLower(parameter.name)
	parameter: {
		// +usage=The name
		name: string
		// +immutable
		mode: *"a" | "b"
		nested?: [...{x: int}]
		#Ref
	}
	#Ref: other?: bool
}
`;

describe('a .cue file', () => {
  const definition = value(parseCueFile(file, 'trait/my-trait.cue'));
  it('gives kind, name, metadata and attributes', () => {
    assert.deepEqual(
      [definition.kind, definition.name, definition.namespace, definition.description],
      ['trait', 'my-trait', 'vela-system', 'Does it.'],
    );
    assert.deepEqual(definition.annotations, {
      'custom.definition.oam.dev/a': 'b',
      'definition.oam.dev/x': 'y',
      'definition.oam.dev/description': 'Does it.',
    });
    assert.deepEqual(
      [
        definition.attributes.stage,
        definition.attributes.podDisruptive,
        definition.attributes.appliesToWorkloads,
      ],
      ['PostDispatch', true, ['deployments.apps']],
    );
  });
  it('takes status as text, also where it is written as CUE', () => {
    assert.equal(definition.status.healthPolicy.trim(), 'isHealth: true');
    assert.equal(definition.status.customStatus, 'message: "\\(1)"');
  });
  it('keeps the lines of its template', () => {
    const text = templateOf(definition)!.text;
    assert.equal(
      text.split('\n').findIndex((l) => l.includes('ToLower')),
      file.split('\n').findIndex((l) => l.includes('ToLower')),
    );
    assert.match(text, /^import "strings"/);
    assert.doesNotMatch(text, /PostDispatch|template:/);
  });
  it('may have a template without braces', () => {
    const short = value(parseCueFile('a: {type: "policy"}\ntemplate: parameter: {x: 1}', 'f'));
    assert.equal(templateOf(short)!.text.trim(), 'parameter: {x: 1}');
  });
  it('is refused with the line', () => {
    assert.deepEqual(
      issue(parseCueFile('a: {type: "trait"}\nb: {type: "trait"}\ntemplate: {x: 1}', 'f')).line,
      2,
    );
    assert.equal(
      issue(parseCueFile('a: {type: "triat"}\ntemplate: {x: 1}', 'f')).message.includes(
        'Did you mean "trait"',
      ),
      true,
    );
    assert.equal(issue(parseCueFile('a: {type: "trait"}', 'f')).code, 'definition.no-template');
    assert.equal(issue(parseCueFile('a: {type: "trait"\ntemplate: {', 'f')).code, 'cue-syntax');
  });
});

describe('a custom resource', () => {
  const text = `apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata:
  name: box
  namespace: {{ include "systemDefinitionNamespace" . }}
  annotations: {definition.oam.dev/description: A box}
spec:
  version: v1.2.0
  workload: {definition: {apiVersion: apps/v1, kind: Deployment}}
  status: {healthPolicy: "isHealth: true"}
  schematic: {cue: {template: "output: {}"}}
`;
  it('of a chart is read with the one include that charts use', () => {
    const [box] = value(parseCustomResources(text));
    assert.deepEqual(
      [box!.kind, box!.name, box!.namespace, box!.version, box!.description],
      ['component', 'box', 'vela-system', '1.2.0', 'A box'],
    );
    assert.deepEqual(templateOf(box!), { text: 'output: {}', source: 'component/box', line: 1 });
  });
  it('may have its template in an extension, or Terraform instead of CUE', () => {
    const old = value(
      parseCustomResources(
        '{apiVersion: core.oam.dev/v1beta1, kind: TraitDefinition, metadata: {name: t}, spec: {extension: {template: "patch: {}"}}}',
      ),
    )[0];
    assert.equal(templateOf(old!)?.text, 'patch: {}');
    const tf = value(
      parseCustomResources(
        '{apiVersion: core.oam.dev/v1beta1, kind: ComponentDefinition, metadata: {name: t}, spec: {schematic: {terraform: {configuration: "x", type: remote, path: p, providerRef: {name: q}}}}}',
      ),
    )[0];
    assert.deepEqual(tf!.schematic, {
      type: 'terraform',
      terraform: {
        configuration: 'x',
        type: 'remote',
        path: 'p',
        references: { providerRef: { name: 'q' } },
      },
    });
  });
  it('is refused with line and reason', () => {
    assert.deepEqual(issue(parseCustomResources(text.replace('version: v1.2.0', 'version: 1.2'))).line, 8);
    assert.equal(
      issue(
        parseCustomResources(text.replace('ComponentDefinition', 'ComponentDefinitions')),
      ).message.includes('Did you mean ComponentDefinition'),
      true,
    );
    assert.equal(
      issue(parseCustomResources(text.replace('v1beta1', 'v1alpha2'))).code,
      'definition.api-version',
    );
  });
});

describe('the registry', () => {
  const component = (name: string, namespace: string, description: string): Definition => ({
    ...value(
      parseCustomResources(
        `{apiVersion: core.oam.dev/v1beta1, kind: ComponentDefinition, metadata: {name: ${name}, namespace: ${namespace}}, spec: {schematic: {cue: {template: "a: 1"}}}}`,
      ),
    )[0]!,
    description,
  });
  const stock = new StockDefinitions(
    [
      { kind: 'trait', name: 'my-trait', deprecated: false, source: file },
      { kind: 'trait', name: 'old', deprecated: true, source: file },
    ],
    { deprecated: false },
  );
  const revisions = ['box-v1', 'box-v2', 'box-v1.2.0', 'box-v1.10.1', 'box-v1.10.1-rc.1'].map((name) => ({
    name,
    definition: component('box', 'vela-system', name),
  }));
  const registry = new DefinitionRegistry({
    stock,
    definitions: [component('box', 'vela-system', 'system'), component('box', 'team', 'team')],
    revisions,
  });
  const find = (type: string, namespace = 'default', autoUpdate = false): string => {
    const found = registry.lookup('component', type, '/p', { namespace, autoUpdate });
    return found.ok ? found.value.description : found.issues[0]!.message;
  };

  it('prefers the Application’s namespace, then vela-system, then stock', () => {
    assert.deepEqual([find('box', 'team'), find('box')], ['team', 'system']);
    assert.ok(registry.lookup('trait', 'my-trait', '', { namespace: 'x', autoUpdate: false }).ok);
    assert.ok(!registry.lookup('trait', 'old', '', { namespace: 'x', autoUpdate: false }).ok);
  });
  it('finds versions in full, and with autoUpdate the newest of a range', () => {
    assert.deepEqual([find('box@v2'), find('box@v1.2.0')], ['box-v2', 'box-v1.2.0']);
    assert.equal(find('box@v1.10', 'default', true), 'box-v1.10.1');
    assert.match(find('box@v1.10'), /There is no component type "box@v1.10". Versions: box@v1, /);
  });
  describe('of a stock definition', () => {
    const trait = (type: string, autoUpdate = false, namespace = 'team') => {
      const found = registry.lookup('trait', type, '/p', { namespace, autoUpdate });
      return found.ok ? found.value.name : found.issues[0]!.message;
    };
    it('version 1 is what was installed, also where newer ones are looked for', () => {
      assert.equal(trait('my-trait@v1'), 'my-trait');
      assert.equal(trait('my-trait@v1', true), 'my-trait');
    });
    it('no other version is there, and the one that is there is told', () => {
      for (const [type, autoUpdate] of [
        ['my-trait@v2', false],
        ['my-trait@v1.0', false],
        ['my-trait@v1.2', true],
      ] as const)
        assert.equal(trait(type, autoUpdate), `There is no trait type "${type}". Versions: my-trait@v1.`);
      assert.match(trait('old@v1'), /^There is no trait type "old@v1"\.$/);
    });
    it('a version of the tenant’s own comes first', () => {
      const own = component('my-trait', 'vela-system', 'own');
      const revised = new DefinitionRegistry({
        stock,
        revisions: [
          { name: 'my-trait-v1', definition: { ...own, kind: 'trait' } },
          { name: 'my-trait-v1.4.0', definition: { ...own, kind: 'trait', description: 'newer' } },
        ],
      });
      const at = (type: string, autoUpdate = false) => {
        const found = revised.lookup('trait', type, '/p', { namespace: 'team', autoUpdate });
        return found.ok ? found.value.description : found.issues[0]!.message;
      };
      assert.deepEqual([at('my-trait@v1'), at('my-trait@v1', true)], ['own', 'own']);
      assert.equal(at('my-trait@v1.4', true), 'newer');
    });
  });
  it('takes spec.version as a whole semantic version, and an annotation’s name where there is none', () => {
    const version = (spec: string, annotations = '{}') =>
      value(
        parseCustomResources(
          `{apiVersion: core.oam.dev/v1beta1, kind: TraitDefinition, metadata: {name: t, annotations: ${annotations}}, spec: {${spec}}}`,
        ),
      )[0]!.version;
    assert.deepEqual(
      [version('version: "1.2"'), version('version: v2'), version('version: 1.2.3-rc.1'), version('')],
      ['1.2.0', '2.0.0', '1.2.3-rc.1', undefined],
    );
    const named = '{definitionrevision.oam.dev/name: "blue"}';
    assert.deepEqual([version('', named), version('version: 1.0.0', named)], ['blue', '1.0.0']);
  });
  it('names the nearest type', () => {
    assert.equal(find('bxo'), 'There is no component type "bxo". Did you mean "box"?');
  });
});

describe('parameters', () => {
  const shape = parameterShape(templateOf(value(parseCueFile(file, 'trait/my-trait.cue')))!)!;
  const place = { type: 'my-trait', path: '/spec/components/0/traits/0/properties' };
  it('are any where none is declared and all are passed on', () => {
    const warned = (template: string) => {
      const read = parameterShape({ text: template, source: 't', line: 1 });
      assert.ok(read);
      return unknownParameters({ a: 1 }, read, { type: 't', path: '' }).length;
    };
    assert.equal(warned('output: parameter\nparameter: {}'), 0);
    assert.equal(warned('output: {for k, v in parameter {(k): v}}\nparameter: {}'), 0);
    assert.equal(warned('output: x: parameter.b\nparameter: {}'), 1);
    assert.equal(warned('output: parameter\nparameter: b: string'), 1);
  });
  it('that are not declared warn with the nearest name', () => {
    const issues = unknownParameters(
      { nmae: 'x', mode: 'a', nested: [{ x: 1, y: 2 }], other: true },
      shape,
      place,
    );
    assert.deepEqual(
      issues.map((i) => i.path),
      [`${place.path}/nmae`, `${place.path}/nested/0/y`],
    );
    assert.match(issues[0]!.message, /Did you mean "name"/);
  });
  it('that are wrong are told with expected, actual and the line of the definition', () => {
    const wrong = explainParameter(
      { path: ['mode'], reason: 'wrong', message: 'x' },
      { mode: 'c' },
      shape,
      place,
    );
    assert.deepEqual(
      [wrong.code, wrong.path, wrong.expected, wrong.actual, wrong.definition],
      [
        'parameter.invalid',
        `${place.path}/mode`,
        'one of "a", "b"',
        'the string "c"',
        { source: 'trait/my-trait.cue', line: 24, column: 3 },
      ],
    );
    const near = (mode: string) =>
      explainParameter({ path: ['mode'], reason: 'wrong', message: 'x' }, { mode }, shape, place).message;
    assert.match(near('A'), /not the string "A"\. Did you mean "a"\?$/);
    assert.match(near('other'), /not the string "other"\.$/);
    const missing = explainParameter({ path: ['name'], reason: 'missing', message: 'x' }, {}, shape, place);
    assert.deepEqual(
      [missing.code, missing.expected, missing.definition?.line],
      ['parameter.required', 'string', 22],
    );
  });
});
