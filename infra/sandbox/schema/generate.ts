// Writes builtin.generated.json: the facts about built-in kinds that the sandbox works by, read from a running
// API server (discovery and /openapi/v3) and from the Go struct tags of the modules it was built from.
//
//   node infra/sandbox/schema/generate.ts --kubeconfig F --go-modules ~/go/pkg/mod/k8s.io --version 0.35.4

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { parseArgs } from 'node:util';
import YAML from 'yaml';
import type { BuiltinFile, FieldFacts, ResourceFacts, StructFacts, TypeFacts } from './builtin-file.ts';
import { type GoField, goFields } from './go-struct.ts';

/** Which resources of each group version the sandbox serves. */
const SERVED: Readonly<Record<string, readonly string[]>> = {
  v1: [
    'configmaps',
    'endpoints',
    'events',
    'limitranges',
    'namespaces',
    'nodes',
    'persistentvolumeclaims',
    'persistentvolumes',
    'pods',
    'podtemplates',
    'replicationcontrollers',
    'resourcequotas',
    'secrets',
    'serviceaccounts',
    'services',
  ],
  'admissionregistration.k8s.io/v1': ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  'apiextensions.k8s.io/v1': ['customresourcedefinitions'],
  'apps/v1': ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  'autoscaling/v1': ['horizontalpodautoscalers'],
  'autoscaling/v2': ['horizontalpodautoscalers'],
  'batch/v1': ['cronjobs', 'jobs'],
  'coordination.k8s.io/v1': ['leases'],
  'discovery.k8s.io/v1': ['endpointslices'],
  'networking.k8s.io/v1': ['ingressclasses', 'ingresses', 'networkpolicies'],
  'policy/v1': ['poddisruptionbudgets'],
  'rbac.authorization.k8s.io/v1': ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'],
  'scheduling.k8s.io/v1': ['priorityclasses'],
  'storage.k8s.io/v1': ['storageclasses'],
};
const SUBRESOURCES = new Set(['status', 'scale']);
const SCHEMA_PREFIX = '#/components/schemas/';

interface OpenApiSchema {
  $ref?: string;
  allOf?: OpenApiSchema[];
  oneOf?: OpenApiSchema[];
  type?: string;
  format?: string;
  enum?: string[];
  default?: unknown;
  items?: OpenApiSchema;
  required?: string[];
  properties?: Record<string, OpenApiSchema>;
  additionalProperties?: OpenApiSchema | boolean;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: 'atomic' | 'granular';
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

interface DiscoveredResource {
  name: string;
  singularName: string;
  kind: string;
  namespaced: boolean;
  group?: string;
  version?: string;
  shortNames?: string[];
  categories?: string[];
}

interface Access {
  readonly server: string;
  readonly ca: Buffer;
  readonly token: string;
}

/** Type names whose JSON form is not their struct's. */
const SCALARS: Readonly<Record<string, TypeFacts>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'int-or-string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'micro-time',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'open',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'open',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'open',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'open',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'open',
};

const { values: options } = parseArgs({
  options: {
    kubeconfig: { type: 'string' },
    'go-modules': { type: 'string' },
    version: { type: 'string', default: '0.35.4' },
    out: { type: 'string', default: path.join(import.meta.dirname, 'builtin.generated.json') },
  },
});

function access(file: string): Access {
  // kubectl's own format; a wrong file fails on the first request
  const config = YAML.parse(readFileSync(file, 'utf8')) as {
    clusters: [
      {
        cluster: { server: string; 'certificate-authority-data'?: string; 'certificate-authority'?: string };
      },
    ];
    users: [{ user: { token: string } }];
  };
  const cluster = config.clusters[0].cluster;
  const ca = cluster['certificate-authority-data']
    ? Buffer.from(cluster['certificate-authority-data'], 'base64')
    : readFileSync(path.resolve(path.dirname(file), cluster['certificate-authority'] ?? ''));
  return { server: cluster.server, ca, token: config.users[0].user.token };
}

function read<T>(from: Access, url: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = request(
      from.server + url,
      { ca: from.ca, headers: { authorization: `Bearer ${from.token}`, accept: 'application/json' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as T)); // the server's own shape
      },
    );
    call.on('error', reject);
    call.end();
  });
}

class Collector {
  readonly schemas = new Map<string, OpenApiSchema>();
  readonly types: Record<string, StructFacts> = {};
  readonly missing = new Set<string>();
  readonly #go: string;

  constructor(go: string) {
    this.#go = go;
  }

  /** Takes in a type by its OpenAPI name and everything it refers to; gives its short name. */
  add(name: string): string {
    const short = shortName(name);
    const schema = this.schemas.get(name);
    if (!schema) throw new Error(`no schema for ${name}`);
    if (this.types[short]) return short;
    const facts: StructFacts = { fields: {} };
    this.types[short] = facts;
    if (schema['x-kubernetes-map-type'] === 'atomic') facts.atomic = true;
    const go = goFields(this.#go, name, options.version);
    // in the order in which Go writes them
    const order = go?.has('apiVersion') ? [...go.keys()] : ['kind', 'apiVersion', ...(go?.keys() ?? [])];
    const rank = (field: string) => (order.includes(field) ? order.indexOf(field) : order.length);
    for (const [field, property] of Object.entries(schema.properties ?? {}).sort(
      ([a], [b]) => rank(a) - rank(b),
    )) {
      const goField = go?.get(field);
      if (!goField && field !== 'apiVersion' && field !== 'kind') this.missing.add(`${name}.${field}`);
      facts.fields[field] = this.#field(property, goField, schema.required?.includes(field) ?? false);
    }
    return short;
  }

  #field(property: OpenApiSchema, go: GoField | undefined, required: boolean): FieldFacts {
    const facts: FieldFacts = { type: this.type(property) };
    const presence = this.#presence(facts.type, go, required);
    if (presence) facts.presence = presence;
    // the zero value of a key counts: an item without the key has it
    if (property.default !== undefined && !isEmptyObject(property.default)) facts.default = property.default;
    if (property.enum) facts.enum = property.enum;
    if (property['x-kubernetes-map-type'] === 'atomic') facts.atomic = true;
    if (required) facts.required = true;
    return facts;
  }

  /** What encoding/json makes of the field's zero value. */
  #presence(type: TypeFacts, go: GoField | undefined, required: boolean): FieldFacts['presence'] {
    if (!go) return required ? 'always' : undefined;
    if (go.pointer) return go.omitEmpty ? 'set' : 'null';
    if (go.omitZero) return undefined;
    if (!go.omitEmpty) return 'always';
    const struct =
      typeof type === 'string' &&
      (type.startsWith('#') || type === 'quantity' || type === 'int-or-string' || type === 'time');
    return struct && !go.collection ? 'always' : undefined;
  }

  type(schema: OpenApiSchema): TypeFacts {
    const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
    if (ref) {
      const name = ref.slice(SCHEMA_PREFIX.length);
      return SCALARS[name] ?? `#${this.add(name)}`;
    }
    switch (schema.type) {
      case 'array':
        return this.#list(schema);
      case 'object':
        if (typeof schema.additionalProperties === 'object') {
          const of = this.type(schema.additionalProperties);
          return schema['x-kubernetes-map-type'] === 'atomic' ? { map: of, atomic: true } : { map: of };
        }
        return 'open';
      case 'string':
        return schema.format === 'byte' ? 'bytes' : schema.format === 'date-time' ? 'time' : 'string';
      case 'integer':
        return schema.format === 'int64' ? 'int64' : 'int32';
      case 'number':
        return 'number';
      case 'boolean':
        return 'boolean';
      default:
        return 'open';
    }
  }

  #list(schema: OpenApiSchema): TypeFacts {
    const list: Extract<TypeFacts, { list: TypeFacts }> = { list: this.type(schema.items ?? {}) };
    const strategy = schema['x-kubernetes-patch-strategy'];
    const key = schema['x-kubernetes-patch-merge-key'];
    const declared = schema['x-kubernetes-list-type'];
    if (declared === 'set') list.as = 'set';
    else if (declared === 'map') {
      list.as = 'map';
      list.keys = schema['x-kubernetes-list-map-keys'] ?? [];
    } else if (declared === undefined && strategy?.includes('merge')) {
      list.as = key ? 'map' : 'set';
      if (key) list.keys = [key];
    }
    if (strategy) list.patch = strategy;
    if (key) list.patchKey = key;
    return list;
  }
}

function shortName(name: string): string {
  return name
    .replace('io.k8s.api.', '')
    .replace('io.k8s.apimachinery.pkg.apis.', '')
    .replace('io.k8s.apiextensions-apiserver.pkg.apis.', '');
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function typeOf(
  schemas: ReadonlyMap<string, OpenApiSchema>,
  group: string,
  version: string,
  kind: string,
): string {
  for (const [name, schema] of schemas) {
    const gvks = schema['x-kubernetes-group-version-kind'] ?? [];
    if (gvks.length === 1 && gvks[0]?.group === group && gvks[0].version === version && gvks[0].kind === kind)
      return name;
  }
  throw new Error(`no type for ${group}/${version} ${kind}`);
}

async function collect(from: Access, go: string): Promise<BuiltinFile> {
  const collector = new Collector(go);
  const resources: ResourceFacts[] = [];
  for (const [groupVersion, names] of Object.entries(SERVED)) {
    const prefix = groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`;
    const document = await read<{ components: { schemas: Record<string, OpenApiSchema> } }>(
      from,
      `/openapi/v3/${prefix}`,
    );
    for (const [name, schema] of Object.entries(document.components.schemas))
      collector.schemas.set(name, schema);
    const discovered = await read<{ resources: DiscoveredResource[] }>(from, `/${prefix}`);
    const [group, version] = groupVersion === 'v1' ? ['', 'v1'] : groupVersion.split('/');
    for (const name of names) {
      const found = discovered.resources.find((one) => one.name === name);
      if (!found || group === undefined || version === undefined)
        throw new Error(`${groupVersion} has no ${name}`);
      const subresources = discovered.resources
        .filter((one) => one.name.startsWith(`${name}/`) && SUBRESOURCES.has(one.name.slice(name.length + 1)))
        .map((one) => one.name.slice(name.length + 1));
      resources.push({
        group,
        version,
        plural: name,
        singular: found.singularName,
        kind: found.kind,
        namespaced: found.namespaced,
        shortNames: found.shortNames ?? [],
        categories: found.categories ?? [],
        subresources,
        type: collector.add(typeOf(collector.schemas, group, version, found.kind)),
      });
    }
  }
  collector.add('io.k8s.api.autoscaling.v1.Scale');
  collector.add('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions');
  if (collector.missing.size > 0)
    process.stderr.write(`not found in Go:\n${[...collector.missing].join('\n')}\n`);
  return { kubernetes: `v1.${options.version.split('.')[1]}`, resources, types: sorted(collector.types) };
}

function sorted<T>(of: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (!options.kubeconfig || !options['go-modules']) {
  process.stderr.write('generate.ts needs --kubeconfig and --go-modules\n');
  process.exit(2);
}
const file = await collect(access(options.kubeconfig), options['go-modules']);
writeFileSync(options.out, `${JSON.stringify(file)}\n`);
execFileSync('npx', ['biome', 'format', '--write', options.out], { stdio: 'inherit' });
