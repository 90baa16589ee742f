/** From the `spec` of a definition (of a custom resource, or the `attributes` of a .cue file) to its parts. */
import type { JsonObject, JsonValue } from '../json.ts';
import { at, isArray, isObject } from '../json.ts';
import { describe } from '../oam/validate.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import type {
  DefinitionAttributes,
  Schematic,
  Stage,
  StatusTemplates,
  TemplateText,
  TerraformSchematic,
} from './definition.ts';
import { fullVersion } from './version.ts';

/** What the spec says, apart from the template of a .cue file. */
export interface SpecParts {
  readonly version?: string;
  readonly schematic: Schematic;
  readonly status: StatusTemplates;
  readonly attributes: DefinitionAttributes;
}

/** Collects the issues of one spec while its fields are read. */
class SpecReader {
  readonly issues: Issue[] = [];
  readonly #spec: JsonObject;

  constructor(spec: JsonObject) {
    this.#spec = spec;
  }

  string(...path: readonly string[]): string {
    const value = this.#value(path);
    if (value === undefined || typeof value === 'string') return value ?? '';
    return this.#wrong(path, 'a string', value) ?? '';
  }

  boolean(...path: readonly string[]): boolean {
    const value = this.#value(path);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    return this.#wrong(path, 'a boolean', value) ?? false;
  }

  integer(...path: readonly string[]): number {
    const value = this.#value(path);
    if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return value ?? 0;
    return this.#wrong(path, 'an integer', value) ?? 0;
  }

  strings(...path: readonly string[]): readonly string[] {
    const value = this.#value(path);
    if (value === undefined) return [];
    if (isArray(value) && value.every((v) => typeof v === 'string')) return value;
    return this.#wrong(path, 'a list of strings', value) ?? [];
  }

  object(...path: readonly string[]): JsonObject | null {
    const value = this.#value(path);
    if (value === undefined) return null;
    return isObject(value) ? value : this.#wrong(path, 'a map', value);
  }

  oneOf<T extends string>(allowed: readonly T[], path: string, fallback: T): T {
    const value = this.string(path);
    if (value === '') return fallback;
    const found = allowed.find((a) => a === value);
    return found ?? this.#wrong([path], allowed.filter((a) => a !== '').join(', '), value) ?? fallback;
  }

  #value(path: readonly string[]): JsonValue | undefined {
    return at(this.#spec, ...path) ?? undefined;
  }

  #wrong(path: readonly string[], expected: string, value: JsonValue): null {
    const actual = describe(value);
    this.issues.push({
      code: 'definition.wrong-type',
      path: pointer(['spec', ...path]),
      message: `spec.${path.join('.')} must be ${expected}, not ${actual}.`,
      expected,
      actual,
    });
    return null;
  }
}

/**
 * Reads a spec. `template` is given for a .cue file, whose template stands beside its attributes; a custom
 * resource has it at `schematic.cue.template`, older ones at `extension.template` (pkg/appfile/template.go).
 */
export function readSpec(spec: JsonObject, source: string, template: TemplateText | null): Result<SpecParts> {
  const reader = new SpecReader(spec);
  const version = reader.string('version');
  const parts: SpecParts = {
    ...(version === '' ? {} : { version: fullVersion(version) }),
    schematic: template === null ? readSchematic(reader, source) : { type: 'cue', template },
    status: {
      healthPolicy: reader.string('status', 'healthPolicy'),
      customStatus: reader.string('status', 'customStatus'),
      details: reader.string('status', 'details'),
    },
    attributes: readAttributes(reader),
  };
  return reader.issues.length > 0 ? fail(...reader.issues) : ok(parts);
}

function readSchematic(reader: SpecReader, source: string): Schematic {
  const terraform = reader.object('schematic', 'terraform');
  if (terraform !== null) return { type: 'terraform', terraform: readTerraform(reader, terraform) };
  const helm = reader.object('schematic', 'helm');
  if (helm !== null) return { type: 'helm', helm };
  const direct = reader.string('schematic', 'cue', 'template');
  const extension = reader.object('extension')?.['template'];
  const text = direct !== '' ? direct : typeof extension === 'string' ? extension : '';
  const hasSchematic = reader.object('schematic', 'cue') !== null || text !== '';
  return hasSchematic ? { type: 'cue', template: { text, source, line: 1 } } : { type: 'none' };
}

function readTerraform(reader: SpecReader, terraform: JsonObject): TerraformSchematic {
  const {
    configuration: _c,
    type: _t,
    path: _p,
    deleteResource: _d,
    customRegion: _r,
    ...references
  } = terraform;
  const path = reader.string('schematic', 'terraform', 'path');
  const type = reader.string('schematic', 'terraform', 'type');
  return {
    configuration: reader.string('schematic', 'terraform', 'configuration'),
    type: type === 'remote' || type === 'json' ? type : 'hcl',
    ...(path === '' ? {} : { path }),
    references,
  };
}

function readAttributes(reader: SpecReader): DefinitionAttributes {
  const stages: readonly Stage[] = ['PreDispatch', 'DefaultDispatch', 'PostDispatch'];
  return {
    appliesToWorkloads: reader.strings('appliesToWorkloads'),
    conflictsWith: reader.strings('conflictsWith'),
    podDisruptive: reader.boolean('podDisruptive'),
    manageWorkload: reader.boolean('manageWorkload'),
    controlPlaneOnly: reader.boolean('controlPlaneOnly'),
    workloadRefPath: reader.string('workloadRefPath'),
    stage: reader.oneOf(stages, 'stage', 'DefaultDispatch'),
    manageHealthCheck: reader.boolean('manageHealthCheck'),
    scope: reader.string('scope'),
    global: reader.boolean('global'),
    priority: reader.integer('priority'),
  };
}
