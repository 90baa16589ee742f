/**
 * What is put on rendered objects: labels, annotations, names, namespaces (pkg/appfile/appfile.go SetOAMContract).
 * The system's labels win over those of the template; a label map with a value that is no string counts as empty,
 * as Kubernetes' accessors read it.
 */
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { at, canonicalJson, isObject, own, put } from '../json.ts';
import type { ObjectMeta } from '../oam/application.ts';
import { annotation, annotationsNotPassed, label } from '../oam/metadata.ts';

export const auxiliaryType = 'AuxiliaryWorkload';

/** What the Application gives to all objects of a component. */
export interface Contract {
  readonly component: string;
  readonly namespace: string;
  /** The deploy step's namespace: it wins over any other. `''` leaves each object its own. */
  readonly overrideNamespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly annotationsRemoved: readonly string[];
  /** On the object while its template is evaluated; also under the generated name. */
  readonly identity: Readonly<Record<string, string>>;
}

export interface ContractSource {
  readonly name: string;
  readonly namespace: string;
  readonly revision: string;
  readonly metadata: ObjectMeta;
}

export function contractOf(
  application: ContractSource,
  component: string,
  overrideNamespace: string,
): Contract {
  const { metadata } = application;
  const labels: Record<string, string> = {
    ...metadata.labels,
    [label.appName]: application.name,
    [label.appNamespace]: application.namespace,
    [label.appRevision]: application.revision,
    [label.appComponent]: component,
  };
  for (const key of listOf(metadata.annotations[annotation.filterLabelKeys])) delete labels[key.trim()];
  return {
    component,
    namespace: application.namespace,
    overrideNamespace,
    labels,
    annotations: metadata.annotations,
    annotationsRemoved: [
      ...annotationsNotPassed,
      ...listOf(metadata.annotations[annotation.filterAnnotationKeys]),
    ],
    identity: {
      [label.appName]: application.name,
      [label.appComponent]: component,
      [label.appRevision]: application.revision,
    },
  };
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',');
}

/** The component's main object, named like the component unless the template names it. */
export function finishWorkload(object: JsonObject, type: string, contract: Contract): JsonObject {
  const labels = {
    ...contract.identity,
    [label.workloadType]: type,
    [label.resourceType]: 'WORKLOAD',
    ...contract.labels,
  };
  return finish(object, nameOf(object) === '' ? contract.component : '', labels, contract);
}

export interface FinishedTrait {
  readonly object: JsonObject;
  /** The name ends in a hash of the object because the template gave none. */
  readonly generatedName: boolean;
}

/** An object of a trait, or of the component's own `outputs` (type `AuxiliaryWorkload`). */
export function finishTrait(
  object: JsonObject,
  type: string,
  resource: string,
  contract: Contract,
): FinishedTrait {
  const own = {
    ...contract.identity,
    [label.traitType]: type,
    ...(resource === '' ? {} : { [label.traitResource]: resource }),
  };
  const generatedName = nameOf(object) === '';
  const name = generatedName ? generateName(object, type, own, contract.component) : '';
  const labels = { ...own, [label.resourceType]: 'TRAIT', ...contract.labels };
  return { object: finish(object, name, labels, contract), generatedName };
}

/** The labels of policies' objects: identity only (appfile.go generatePolicyUnstructured). */
export function finishPolicyObject(object: JsonObject, policy: string, contract: Contract): JsonObject {
  const metadata: JsonDraft = { ...metadataOf(object) };
  metadata['labels'] = { ...stringMap(metadata['labels']), ...contract.identity };
  if (nameOf(object) === '') metadata['name'] = policy;
  if (namespaceOf(object) === '') metadata['namespace'] = contract.namespace;
  return { ...object, metadata };
}

function finish(
  object: JsonObject,
  name: string,
  labels: Readonly<Record<string, string>>,
  contract: Contract,
): JsonObject {
  const metadata: JsonDraft = { ...metadataOf(object) };
  if (name !== '') metadata['name'] = name;
  metadata['labels'] = { ...stringMap(metadata['labels']), ...labels };
  const annotations: JsonDraft = { ...stringMap(metadata['annotations']) };
  for (const [key, value] of Object.entries(contract.annotations)) put(annotations, key, value);
  for (const key of contract.annotationsRemoved) delete annotations[key];
  if (Object.keys(annotations).length > 0) metadata['annotations'] = annotations;
  else delete metadata['annotations'];
  if (contract.overrideNamespace !== '') metadata['namespace'] = contract.overrideNamespace;
  else if (namespaceOf(object) === '' && !isNamespaceObject(object))
    metadata['namespace'] = contract.namespace;
  return { ...object, metadata };
}

function isNamespaceObject(object: JsonObject): boolean {
  return object['apiVersion'] === 'v1' && object['kind'] === 'Namespace';
}

function metadataOf(object: JsonObject): JsonObject {
  const metadata = own(object, 'metadata');
  return isObject(metadata) ? metadata : {};
}

function stringMap(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  const entries = Object.entries(value);
  // One value that is no string makes Kubernetes' accessor answer nothing at all.
  return entries.every((e): e is [string, string] => typeof e[1] === 'string')
    ? Object.fromEntries(entries)
    : {};
}

export function nameOf(object: JsonObject): string {
  const name = at(object, 'metadata', 'name');
  return typeof name === 'string' ? name : '';
}

export function namespaceOf(object: JsonObject): string {
  const namespace = at(object, 'metadata', 'namespace');
  return typeof namespace === 'string' ? namespace : '';
}

/**
 * `<component>-<type>-<hash>`. KubeVela hashes a dump of Go structures; only the form is alike: the same content
 * gives the same name, whatever the revision.
 */
function generateName(
  object: JsonObject,
  type: string,
  labels: Readonly<Record<string, string>>,
  component: string,
): string {
  const { [label.appRevision]: _revision, ...stable } = {
    ...stringMap(metadataOf(object)['labels']),
    ...labels,
  };
  const text = canonicalJson({ ...object, metadata: { ...metadataOf(object), labels: stable } });
  return `${component}-${type.toLowerCase()}-${safeHash(text)}`;
}

const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** FNV-1a over the UTF-16 units, its decimal digits in an alphabet without vowels and without 0, 1, 3. */
function safeHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  const digits = String(hash >>> 0);
  return [...digits].map((d) => safeAlphabet[d.charCodeAt(0) % safeAlphabet.length]).join('');
}

/** Sets a reference to the workload at a field path such as `spec.workloadRef` (traits with `workloadRefPath`). */
export function withWorkloadRef(object: JsonObject, path: string, workload: JsonObject): JsonObject {
  const reference: JsonDraft = {};
  if (typeof workload['apiVersion'] === 'string') reference['apiVersion'] = workload['apiVersion'];
  if (typeof workload['kind'] === 'string') reference['kind'] = workload['kind'];
  reference['name'] = nameOf(workload);
  return setAt(
    object,
    path.split('.').filter((s) => s !== ''),
    reference,
  );
}

function setAt(object: JsonObject, path: readonly string[], value: JsonValue): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return object;
  const out: JsonDraft = { ...object };
  const inner = own(object, step);
  put(out, step, rest.length === 0 ? value : setAt(isObject(inner) ? inner : {}, rest, value));
  return out;
}
