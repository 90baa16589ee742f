/** Components whose definition is Terraform: a Configuration for Terraform's controller (pkg/appfile/appfile.go). */
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject, put } from '../json.ts';
import { describe } from '../oam/validate.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import type { PlannedComponent } from './plan.ts';

/** Properties that the controller reads itself; all others are Terraform variables. */
const ownProperties: ReadonlySet<string> = new Set([
  'writeConnectionSecretToRef',
  'customRegion',
  'providerRef',
  'forceDelete',
  'gitCredentialsSecretReference',
]);

/** `named`: its name is written though it is empty. */
type Field = 'text' | 'flag' | 'whenTrue' | 'any' | 'reference' | 'named' | Fields;
interface Fields {
  readonly [name: string]: Field;
}

/** The fields of a Configuration's spec, which properties of these names set, whatever their case (ConfigurationSpec). */
const specFields: Fields = {
  hcl: 'text',
  remote: 'text',
  gitRef: { branch: 'text', tag: 'text', commit: 'text' },
  backend: {
    secretSuffix: 'text',
    inClusterConfig: 'whenTrue',
    inline: 'text',
    backendType: 'text',
    kubernetes: 'any',
    s3: 'any',
  },
  path: 'text',
  writeConnectionSecretToRef: 'named',
  providerRef: 'named',
  JobEnv: 'any',
  inlineCredentials: 'whenTrue',
  deleteResource: 'flag',
  customRegion: 'text',
  forceDelete: 'flag',
  gitCredentialsSecretReference: 'reference',
  terraformCredentialsSecretReference: 'reference',
  terraformRCConfigMapReference: 'reference',
  terraformCredentialsHelperConfigMapReference: 'reference',
};

/** The Configuration, or which of the properties has not the type that the controller takes. */
export function terraformConfiguration(component: PlannedComponent, namespace: string): Result<JsonObject> {
  const { schematic } = component.definition;
  if (schematic.type !== 'terraform' || schematic.terraform.configuration === '') {
    return fail({
      code: 'template',
      path: component.path,
      message: `The definition ${component.type} has no Terraform configuration.`,
    });
  }
  const { configuration, type, path, references } = schematic.terraform;
  const { properties } = component;
  const reader = new SpecReader(component);
  const spec: JsonDraft = { gitRef: {}, ...reader.fields(properties ?? {}, specFields, '') };
  const given = reader.fields(references, specFields, '');
  if (reader.issues.length > 0) return fail(...reader.issues);
  for (const name of ['writeConnectionSecretToRef', 'providerRef', 'gitCredentialsSecretReference'])
    if (spec[name] === undefined && given[name] !== undefined) spec[name] = given[name];
  const secret = spec['writeConnectionSecretToRef'];
  if (isObject(secret) && !secret['namespace']) spec['writeConnectionSecretToRef'] = { ...secret, namespace };
  if (type === 'hcl') spec['hcl'] = configuration;
  if (type === 'remote') {
    spec['remote'] = configuration;
    if (path === undefined) delete spec['path'];
    else spec['path'] = path;
  }
  spec['variable'] = properties === undefined ? null : variables(properties);
  const { annotations } = component.definition;
  return ok({
    apiVersion: 'terraform.core.oam.dev/v1beta2',
    kind: 'Configuration',
    // As Go writes an object that no cluster has seen.
    metadata: { name: component.name, namespace, creationTimestamp: null, annotations },
    spec,
    status: { apply: {}, destroy: {} },
  });
}

function variables(properties: JsonObject): JsonObject {
  const out: JsonDraft = {};
  for (const [name, value] of Object.entries(properties)) if (!ownProperties.has(name)) put(out, name, value);
  return out;
}

/** Reads maps as Go reads JSON into a struct: by name whatever the case, empty values left out. */
class SpecReader {
  readonly issues: Issue[] = [];
  readonly #component: PlannedComponent;

  constructor(component: PlannedComponent) {
    this.#component = component;
  }

  fields(given: JsonObject, fields: Fields, path: string): JsonDraft {
    const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
    const out: JsonDraft = {};
    for (const [key, value] of Object.entries(given)) {
      const name = names.get(key.toLowerCase());
      const field = name === undefined ? undefined : fields[name];
      if (name === undefined || field === undefined || value === null) continue;
      const read = this.#field(value, field, `${path}/${key}`);
      if (read !== undefined) put(out, name, read);
    }
    return out;
  }

  /** Undefined for what is left out. */
  #field(value: JsonValue, field: Field, path: string): JsonValue | undefined {
    if (field === 'any') return value;
    if (field === 'text') {
      if (typeof value !== 'string') return this.#wrong(value, 'a string', path);
      return value === '' ? undefined : value;
    }
    if (field === 'flag' || field === 'whenTrue') {
      if (typeof value !== 'boolean') return this.#wrong(value, 'true or false', path);
      return value || field === 'flag' ? value : undefined;
    }
    if (!isObject(value) || isArray(value)) return this.#wrong(value, 'a map', path);
    if (typeof field !== 'string') return this.fields(value, field, path);
    const reference = this.fields(value, { name: 'text', namespace: 'text' }, path);
    return field === 'named' ? { name: '', ...reference } : reference;
  }

  #wrong(value: JsonValue, expected: string, path: string): undefined {
    const { name, type, path: properties } = this.#component;
    const actual = describe(value);
    const shown = path.slice(1).replaceAll('/', '.');
    const message = `component "${name}" of type ${type}: the property ${shown} must be ${expected}, not ${actual}.`;
    this.issues.push({ code: 'template', path: `${properties}${path}`, message, expected, actual });
  }
}
