/** A definition's page in Markdown, and an Application that uses it, both made of the schema of its parameters. */
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject, put } from '../json.ts';
import type { Definition, DefinitionKind } from './definition.ts';
import { aliasAnnotation, deprecatedLabel } from './definition.ts';
import type { FieldShape, Shape } from './parameter-shape.ts';
import { parameterShape } from './parameter-shape.ts';

const nouns = {
  component: 'component',
  trait: 'trait',
  policy: 'policy',
  workflowstep: 'workflow step',
  workload: 'workload',
} as const satisfies Record<DefinitionKind, string>;

/** The page. `schema` is what `parameterSchema` gives, `example` an Application; null where there is none. */
export function definitionDocs(
  definition: Definition,
  schema: JsonObject | null,
  example: JsonObject | null,
): string {
  const { name, kind, description, labels, annotations, attributes } = definition;
  const alias = annotations[aliasAnnotation];
  const lines = [
    `# ${name}`,
    '',
    `A ${nouns[kind]}${alias === undefined || alias === '' ? '' : ` (${alias})`}.`,
  ];
  if (description !== '') lines.push('', oneLine(description));
  if (labels[deprecatedLabel] === 'true') lines.push('', '**Deprecated.**');
  if (attributes.appliesToWorkloads.length > 0)
    lines.push('', `Applies to: ${attributes.appliesToWorkloads.map((w) => `\`${w}\``).join(', ')}.`);
  if (attributes.conflictsWith.length > 0)
    lines.push('', `Conflicts with: ${attributes.conflictsWith.map((w) => `\`${w}\``).join(', ')}.`);
  lines.push('', '## Parameters', '');
  if (schema === null) lines.push('It has no schema.');
  else lines.push(...parameterTables(schema, shapeOf(definition)));
  if (example !== null) lines.push('', '## Example', '', '```json', JSON.stringify(example, null, 2), '```');
  return `${lines.join('\n')}\n`;
}

function shapeOf({ schematic }: Definition): Shape | null {
  return schematic.type === 'cue' ? (parameterShape(schematic.template)?.shape ?? null) : null;
}

interface Section {
  readonly title: string;
  readonly schema: JsonObject;
  /** What the definition writes there. */
  readonly shape: Shape | null;
}

const maxSections = 60;

/** One table for the parameters, and one for each struct among them. */
function parameterTables(schema: JsonObject, shape: Shape | null): readonly string[] {
  const lines: string[] = [];
  const open: Section[] = [{ title: '', schema, shape }];
  for (let count = 0; count < maxSections; count++) {
    const section = open.shift();
    if (section === undefined) break;
    if (section.title !== '') lines.push('', `### ${section.title}`, '');
    lines.push(...table(section, open));
  }
  return lines;
}

function table({ title, schema, shape }: Section, open: Section[]): readonly string[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = isArray(schema['required']) ? schema['required'] : [];
  const rows = Object.entries(properties).map(([name, property]) => {
    const path = title === '' ? name : `${title}.${name}`;
    if (!isObject(property)) return row(name, 'any', '', '', '');
    const field = shape?.kind === 'struct' ? (shape.fields.get(name) ?? null) : null;
    for (const inner of structsOf(path, property, field?.shape ?? null)) open.push(inner);
    const fallback = property['default'];
    // A schema has no place for the defaults of lists and structs.
    const written = fallback === undefined ? writtenDefault(field) : JSON.stringify(fallback);
    const needed = required.includes(name) && written === '' ? 'yes' : '';
    const shownDefault = written === '' ? '' : `\`${written}\``;
    const description = typeof property['description'] === 'string' ? property['description'] : '';
    return row(name, typeText(property), needed, shownDefault, description);
  });
  if (rows.length === 0)
    return [
      isObject(schema['additionalProperties'])
        ? `Any names, each ${typeText(schema['additionalProperties'])}.`
        : 'None.',
    ];
  return ['| Name | Type | Required | Default | Description |', '|---|---|---|---|---|', ...rows];
}

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((c) => oneLine(c).replaceAll('|', '\\|')).join(' | ')} |`;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The default that stands first in the text of a field: `[]` of `*[] | [...string]`. */
function writtenDefault(field: FieldShape | null): string {
  return /^\*(\[[^\]]*\]|\{\}|"[^"]*"|[^\s|]+)\s*\|/.exec(field?.text ?? '')?.[1] ?? '';
}

function structsOf(path: string, property: JsonObject, shape: Shape | null): readonly Section[] {
  const { items, additionalProperties } = property;
  if (isObject(property['properties'])) return [{ title: path, schema: property, shape }];
  if (isObject(items) && isObject(items['properties']))
    return [{ title: `${path}[]`, schema: items, shape: shape?.kind === 'list' ? shape.element : null }];
  if (isObject(additionalProperties) && isObject(additionalProperties['properties']))
    return [
      {
        title: `${path}.*`,
        schema: additionalProperties,
        shape: shape?.kind === 'struct' ? shape.rest : null,
      },
    ];
  return [];
}

function typeText(property: JsonObject): string {
  const { type, items, additionalProperties } = property;
  const allowed = property['enum'];
  if (isArray(allowed)) return allowed.map((v) => `\`${JSON.stringify(v)}\``).join(', ');
  for (const key of ['oneOf', 'anyOf']) {
    const choices = property[key];
    if (!isArray(choices)) continue;
    const texts = new Set(choices.filter(isObject).map(typeText));
    if (texts.size > 0) return [...texts].join(' or ');
  }
  if (type === 'array') return isObject(items) ? `list of ${typeText(items)}` : 'list';
  if (type === 'object' && isObject(additionalProperties)) return `map of ${typeText(additionalProperties)}`;
  return typeof type === 'string' ? type : 'any';
}

/** An Application that uses the definition, with what is required and the defaults left out. */
export function exampleOf(definition: Definition, schema: JsonObject): JsonObject | null {
  const { name: type, kind } = definition;
  const properties = sample('', schema, 0);
  const given = isObject(properties) ? properties : {};
  const web = { name: 'web', type: 'webservice', properties: { image: 'nginx:1' } };
  const withProperties = Object.keys(given).length === 0 ? {} : { properties: given };
  const spec = {
    component: { components: [{ name: 'web', type, ...withProperties }] },
    trait: { components: [{ ...web, traits: [{ type, ...withProperties }] }] },
    policy: { components: [web], policies: [{ name: 'example', type, properties: given }] },
    workflowstep: { components: [web], workflow: { steps: [{ name: 'example', type, ...withProperties }] } },
    workload: null,
  }[kind];
  if (spec === null) return null;
  return { apiVersion: 'core.oam.dev/v1beta1', kind: 'Application', metadata: { name: 'example' }, spec };
}

const sampleTexts: Readonly<Record<string, string>> = {
  image: 'nginx:1',
  schedule: '*/5 * * * *',
  url: 'https://example.com',
  domain: 'example.com',
  namespace: 'default',
};

/** A value that fits a schema: what is required, the first allowed value. */
function sample(name: string, schema: JsonObject, depth: number): JsonValue {
  const fallback = schema['default'];
  if (fallback !== undefined) return fallback;
  const allowed = schema['enum'];
  if (isArray(allowed) && allowed[0] !== undefined) return allowed[0];
  for (const key of ['oneOf', 'anyOf', 'allOf']) {
    const [first] = isArray(schema[key]) ? schema[key].filter(isObject) : [];
    if (first !== undefined && schema['type'] === undefined && depth < 8)
      return sample(name, first, depth + 1);
  }
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'array':
      return isObject(schema['items']) && depth < 8 ? [sample(name, schema['items'], depth + 1)] : [];
    case 'object':
      return sampleObject(schema, depth);
    default:
      return sampleTexts[name] ?? 'example';
  }
}

function sampleObject(schema: JsonObject, depth: number): JsonObject {
  const out: JsonDraft = {};
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  for (const name of isArray(schema['required']) ? schema['required'] : []) {
    const property = typeof name === 'string' ? properties[name] : undefined;
    if (typeof name !== 'string' || !isObject(property) || property['default'] !== undefined) continue;
    if (depth < 8) put(out, name, sample(name, property, depth + 1));
  }
  return out;
}
