/** Definitions written as Kubernetes custom resources (core.oam.dev/v1beta1), also inside a Helm chart. */
import type { JsonObject, JsonValue } from '../json.ts';
import { at, isObject } from '../json.ts';
import { nearestName } from '../oam/nearest.ts';
import type { Manifest, ReadOptions } from '../oam/read.ts';
import { readManifests } from '../oam/read.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, segmentsOf } from '../result.ts';
import type { Definition, DefinitionKind } from './definition.ts';
import {
  customResourceKind,
  descriptionAnnotation,
  revisionNameAnnotation,
  systemNamespace,
} from './definition.ts';
import { readSpec } from './spec.ts';
import { specShapeIssues } from './spec-shape.ts';

/** The one Helm action that KubeVela's charts put into definitions. */
const chartInclude = /\{\{-?\s*include\s+"systemDefinitionNamespace"\s+\.\s*-?\}\}/g;
/** A Helm action that starts or ends a condition around a whole document, alone on its line. */
const chartCondition = /^[ \t]*\{\{-?\s*(?:if|else|end|with|range)\b[^\n]*\}\}[ \t]*$/gm;

/** A chart's text as plain YAML: the namespace include is filled in, conditions around documents are blanked. */
export function withoutChartActions(text: string): string {
  if (!text.includes('{{')) return text;
  return text
    .replace(chartInclude, systemNamespace)
    .replace(chartCondition, (line) => ' '.repeat(line.length));
}

/** Reads a YAML or JSON text of definitions. Objects of other kinds are refused by name. */
export function parseCustomResources(text: string, options: ReadOptions = {}): Result<readonly Definition[]> {
  const read = readManifests(withoutChartActions(text), options);
  if (!read.ok) return read;
  const definitions: Definition[] = [];
  const issues: Issue[] = [];
  const warnings: Issue[] = [...(read.warnings ?? [])];
  for (const manifest of read.value) {
    const parsed = parseCustomResource(manifest);
    warnings.push(...(parsed.warnings ?? []));
    if (parsed.ok) definitions.push(parsed.value);
    else issues.push(...parsed.issues);
  }
  return issues.length > 0 ? { ...fail(...issues), warnings } : ok(definitions, warnings);
}

/** One custom resource. Issues carry line and column of the manifest. */
export function parseCustomResource(manifest: Manifest): Result<Definition> {
  const object = manifest.value;
  const kind = kindOf(object['kind']);
  if (kind === null) return fail(notADefinition(manifest));
  const apiVersion = object['apiVersion'];
  if (apiVersion !== 'core.oam.dev/v1beta1') return fail(wrongVersion(manifest, apiVersion));
  const name = at(object, 'metadata', 'name');
  if (typeof name !== 'string' || name === '') {
    return fail({
      code: 'required',
      path: '/metadata/name',
      message: 'metadata.name is required.',
      span: manifest.locate(['metadata']),
    });
  }
  const given = object['spec'];
  if (!isObject(given) && given !== undefined && given !== null) {
    return fail({
      code: 'definition.wrong-type',
      path: '/spec',
      message: 'spec must be a map.',
      span: manifest.locate(['spec']),
    });
  }
  const spec = given ?? {};
  const namespace = at(object, 'metadata', 'namespace');
  const source = `${kind}/${name}`;
  const shape = specShapeIssues(kind, spec);
  const parts = readSpec(spec, source, null);
  const located = (issues: readonly Issue[]) =>
    issues.map((i) => ({ ...i, span: manifest.locate(segmentsOf(i.path)) }));
  const more = parts.ok ? [] : parts.issues.filter((i) => !shape.wrong.some(({ path }) => path === i.path));
  if (!parts.ok || shape.wrong.length > 0) return fail(...located([...shape.wrong, ...more]));
  const annotations = stringMap(at(object, 'metadata', 'annotations'));
  const definition: Definition = {
    kind,
    name,
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : systemNamespace,
    labels: stringMap(at(object, 'metadata', 'labels')),
    annotations,
    description: annotations[descriptionAnnotation] ?? '',
    ...versionOf(annotations),
    ...parts.value,
    spec,
  };
  return ok(
    definition,
    located(shape.unknown.filter(({ path }) => !path.startsWith('/spec/schematic/helm'))),
  );
}

/** A version that the author names, where `spec.version` does not (isNameAnnotationRevision in core/revison.go). */
function versionOf(annotations: Readonly<Record<string, string>>): { readonly version?: string } {
  const version = annotations[revisionNameAnnotation] ?? '';
  return version === '' ? {} : { version };
}

function kindOf(kind: JsonValue | undefined): DefinitionKind | null {
  for (const [own, theirs] of Object.entries(customResourceKind)) {
    // The keys of this table are the definition kinds.
    if (theirs === kind) return own as DefinitionKind;
  }
  return null;
}

function notADefinition(manifest: Manifest): Issue {
  const kind = manifest.value['kind'];
  const name = typeof kind === 'string' ? kind : 'nothing';
  const near = nearestName(name, Object.values(customResourceKind));
  return {
    code: 'kind-not-accepted',
    path: '/kind',
    message: `${name} is not a kind of definition.${near === null ? '' : ` Did you mean ${near}?`}`,
    expected: Object.values(customResourceKind).join(', '),
    actual: name,
    span: manifest.locate(['kind']),
  };
}

function wrongVersion(manifest: Manifest, apiVersion: JsonValue | undefined): Issue {
  const actual = typeof apiVersion === 'string' ? apiVersion : 'nothing';
  return {
    code: 'definition.api-version',
    path: '/apiVersion',
    message: `Definitions are read at core.oam.dev/v1beta1, not at ${actual}.`,
    expected: 'core.oam.dev/v1beta1',
    actual,
    span: manifest.locate(['apiVersion']),
  };
}

function stringMap(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  const pairs = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(pairs);
}

/** The definition as a custom resource, for `GET` and for files. */
export function toCustomResource(definition: Definition): JsonObject {
  const annotations =
    definition.description === ''
      ? definition.annotations
      : { ...definition.annotations, [descriptionAnnotation]: definition.description };
  const template =
    definition.schematic.type === 'cue'
      ? { schematic: { cue: { template: definition.schematic.template.text } } }
      : {};
  return {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: customResourceKind[definition.kind],
    metadata: {
      name: definition.name,
      namespace: definition.namespace,
      labels: definition.labels,
      annotations,
    },
    spec: { ...definition.spec, ...template },
  };
}
