/** Components whose definition is Terraform: a Configuration for Terraform's controller (pkg/appfile/appfile.go). */
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isObject, put } from '../json.ts';
import type { Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import type { PlannedComponent } from './plan.ts';

/** Properties that the controller reads itself; all others are Terraform variables. */
const ownProperties = [
  'writeConnectionSecretToRef',
  'customRegion',
  'providerRef',
  'forceDelete',
  'gitCredentialsSecretReference',
];
/** Fields of a Configuration's spec that properties of the same name set, besides those. */
const specProperties = [
  ...ownProperties,
  'hcl',
  'remote',
  'path',
  'variable',
  'backend',
  'deleteResource',
  'inlineCredentials',
  'region',
];

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
  const properties = component.properties ?? {};
  const spec: JsonDraft = {};
  for (const name of specProperties)
    if (properties[name] !== undefined) spec[name] = properties[name] as JsonValue;
  for (const name of ['writeConnectionSecretToRef', 'providerRef', 'gitCredentialsSecretReference']) {
    const reference = spec[name] ?? references[name];
    if (reference !== undefined && reference !== null) spec[name] = reference;
  }
  const secret = spec['writeConnectionSecretToRef'];
  if (isObject(secret) && !secret['namespace']) spec['writeConnectionSecretToRef'] = { ...secret, namespace };
  if (type === 'hcl') spec['hcl'] = configuration;
  if (type === 'remote') {
    spec['remote'] = configuration;
    spec['path'] = path ?? '';
  }
  const variable: JsonDraft = {};
  for (const [name, value] of Object.entries(properties))
    if (!ownProperties.includes(name)) put(variable, name, value);
  spec['variable'] = variable;
  return ok({
    apiVersion: 'terraform.core.oam.dev/v1beta2',
    kind: 'Configuration',
    metadata: { name: component.name, namespace, annotations: component.definition.annotations },
    spec,
  });
}
