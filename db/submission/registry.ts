/** The definitions that one tenant's Applications of a namespace can name: its own rows over the stock ones. */
import { parseCueFile } from '../../engine/definitions/cue-file.ts';
import { parseCustomResources, toCustomResource } from '../../engine/definitions/custom-resource.ts';
import {
  type Definition,
  type DefinitionKind,
  systemNamespace,
} from '../../engine/definitions/definition.ts';
import {
  DefinitionRegistry,
  type DefinitionRevision,
  type LookupOptions,
  type RegistryContents,
  type StockDefinitions,
} from '../../engine/definitions/registry.ts';
import { isArray, isObject, type JsonValue } from '../../engine/json.ts';
import { textHash } from '../../engine/oam/revision.ts';
import { fail, type Issue, ok, type Result } from '../../engine/result.ts';
import type * as stored from '../model/application.ts';
import type { TenantStore } from '../stores.ts';

/** The store and the API spell one kind as KubeVela's `.cue` files do. */
export const storedKind = {
  component: 'component',
  trait: 'trait',
  policy: 'policy',
  workflowstep: 'workflow-step',
  workload: 'workload',
} as const satisfies Record<DefinitionKind, stored.DefinitionKind>;

export const engineKind = {
  component: 'component',
  trait: 'trait',
  policy: 'policy',
  'workflow-step': 'workflowstep',
  workload: 'workload',
} as const satisfies Record<stored.DefinitionKind, DefinitionKind>;

/** Whether a text is a custom resource (YAML or JSON) or a `.cue` file: only a resource has an apiVersion of its own. */
export function formatOf(text: string): stored.DefinitionFormat {
  // CUE's comments begin otherwise.
  const start = text.replace(/^(?:\s*#[^\n]*\n)*\s*/, '');
  return /^(?:["']?(?:apiVersion|kind|metadata|spec)["']?\s*:|\{\s*"|\{\{|---|%YAML)/.test(start)
    ? 'yaml'
    : 'cue';
}

/** Reads a definition's text in either format. A `.cue` file has no namespace of its own: it gets the given one. */
export function readDefinition(
  text: string,
  format: stored.DefinitionFormat,
  named: { readonly source: string; readonly namespace: string },
): Result<Definition> {
  if (format === 'cue') return parseCueFile(text, named.source, named.namespace);
  const parsed = parseCustomResources(text, { source: named.source });
  if (!parsed.ok) return parsed;
  const [definition, another] = parsed.value;
  if (definition === undefined || another !== undefined) {
    return fail({ code: 'one-definition', path: '', message: 'One definition is expected here.' });
  }
  return ok(definition, parsed.warnings);
}

/** The hash under which a definition that comes with a submission is stored. */
export function sourceOf(definition: Definition): { readonly source: string; readonly contentHash: string } {
  const source = JSON.stringify(toCustomResource(definition));
  return { source, contentHash: textHash(source) };
}

/** The pinned type of a global policy, which no Application names: `global:<name>`. */
const globalType = 'global:';

type Identity = Pick<stored.DefinitionPin, 'version' | 'contentHash'>;

interface Contents extends RegistryContents {
  /** Of every definition that is not a stock one. */
  readonly identities: ReadonlyMap<Definition, Identity>;
}

/** A registry that remembers what it was asked for: what a revision pins. */
export class SubmissionRegistry extends DefinitionRegistry {
  readonly #contents: Contents;
  readonly #found = new Map<string, stored.DefinitionPin>();

  constructor(contents: Contents) {
    super(contents);
    this.#contents = contents;
  }

  override lookup(
    kind: DefinitionKind,
    type: string,
    path: string,
    options: LookupOptions,
  ): Result<Definition> {
    const found = super.lookup(kind, type, path, options);
    if (found.ok) this.#found.set(`${kind}/${type}`, this.#pinOf(found.value, type));
    return found;
  }

  override globalPolicies(namespace: string): readonly Definition[] {
    const found = super.globalPolicies(namespace);
    for (const one of found) {
      const type = `${globalType}${one.name}`;
      this.#found.set(`policy/${type}`, this.#pinOf(one, type));
    }
    return found;
  }

  /** A pin for each type that was found so far. */
  pins(): readonly stored.DefinitionPin[] {
    return [...this.#found.values()];
  }

  #pinOf(definition: Definition, type: string): stored.DefinitionPin {
    const { kind, namespace, name } = definition;
    const { stock, identities } = this.#contents;
    const own = identities.get(definition);
    const key = { kind: storedKind[kind], namespace, name, type };
    if (own !== undefined) return { ...key, origin: 'tenant', ...own };
    return { ...key, origin: 'stock', version: '', contentHash: textHash(stock.source(kind, name) ?? '') };
  }
}

export interface RegistryRequest {
  readonly store: TenantStore;
  readonly stock: StockDefinitions;
  /** Of the Application. */
  readonly namespace: string;
  /** What the same submission brings; it comes first. */
  readonly brought?: readonly Definition[];
  /** Names of which more than the newest version may be asked for (`versionedNames`). */
  readonly versioned?: readonly string[];
}

/** The registry for the Applications of one namespace, as it is now. Rows that no longer parse are left out. */
export async function registryOf(request: RegistryRequest): Promise<SubmissionRegistry> {
  const { store, stock, brought = [], versioned = [] } = request;
  const namespaces = [...new Set([request.namespace, systemNamespace])];
  const newest = (await store.definitions.registry(namespaces)).flatMap(keptOf);
  const older = (await store.definitions.versionsOf(namespaces, versioned)).flatMap(keptOf);
  const identities = new Map<Definition, Identity>();
  for (const { definition, version, contentHash } of [...newest, ...older])
    identities.set(definition, { version, contentHash });
  for (const definition of brought) {
    const { contentHash } = sourceOf(definition);
    identities.set(definition, { version: definition.version ?? '', contentHash });
  }
  return new SubmissionRegistry({
    stock,
    identities,
    definitions: [...newest.map(({ definition }) => definition), ...brought],
    revisions: [...brought.flatMap(revisionOf), ...newest, ...older],
  });
}

interface Kept extends Identity {
  /** `worker-v2`. */
  readonly name: string;
  readonly definition: Definition;
}

function keptOf(row: stored.Definition): readonly Kept[] {
  const { version, contentHash } = row;
  const read = definitionOf(row);
  return read.ok ? [{ name: `${row.name}-v${version}`, definition: read.value, version, contentHash }] : [];
}

/** One that comes with the submission and names its version can be asked for by it at once. */
function revisionOf(definition: Definition): readonly DefinitionRevision[] {
  const { name, version } = definition;
  return version === undefined ? [] : [{ name: `${name}-v${version}`, definition }];
}

function definitionOf(row: stored.Definition): Result<Definition> {
  const { kind, name, format, namespace } = row;
  const read = readDefinition(row.source, format, { source: `${kind}/${name}.${format}`, namespace });
  return read.ok ? ok({ ...read.value, namespace }) : read;
}

/** Names that any `type: name@v…` in a document asks for, so that their versions can be read before they are looked up. */
export function versionedNames(document: JsonValue): readonly string[] {
  const names = new Set<string>();
  const visit = (value: JsonValue): void => {
    if (isArray(value)) for (const item of value) visit(item);
    if (!isObject(value) || isArray(value)) return;
    for (const [key, field] of Object.entries(value)) {
      const at = key === 'type' && typeof field === 'string' ? field.indexOf('@v') : -1;
      if (at > 0) names.add(String(field).slice(0, at));
      visit(field);
    }
  };
  visit(document);
  return [...names];
}

/** What a revision's types mean, by its pins. */
export interface PinnedDefinitions {
  readonly registry: DefinitionRegistry;
  /** A stock definition has another text than when it was pinned: the service was upgraded since. */
  readonly outdated: boolean;
}

/**
 * The definitions that a revision pinned, also those that were changed or deleted since; a stock one in its present text.
 * Issue `definition-gone`: what was pinned cannot be read any more.
 */
export async function pinnedDefinitions(
  store: Pick<TenantStore, 'definitions'>,
  stock: StockDefinitions,
  pins: readonly stored.DefinitionPin[],
): Promise<Result<PinnedDefinitions>> {
  const pinned = new Map<string, Definition>();
  const revisions: DefinitionRevision[] = [];
  const issues: Issue[] = [];
  let outdated = false;
  const read = async (pin: stored.DefinitionPin): Promise<void> => {
    const kind = engineKind[pin.kind];
    const found = pin.origin === 'stock' ? stock.find(kind, pin.name) : await rowOf(store, pin);
    if (found === null) issues.push(goneIssue(pin));
    else {
      pinned.set(`${kind}/${pin.type}`, found);
      if (pin.version !== '') revisions.push({ name: `${pin.name}-v${pin.version}`, definition: found });
    }
    if (pin.origin === 'stock' && textHash(stock.source(kind, pin.name) ?? '') !== pin.contentHash)
      outdated = true;
  };
  await Promise.all(pins.map(read));
  if (issues.length > 0) return fail(...issues);
  return ok({ registry: new PinnedRegistry(stock, pinned, revisions), outdated });
}

async function rowOf(
  store: Pick<TenantStore, 'definitions'>,
  { kind, namespace, name, contentHash }: stored.DefinitionPin,
): Promise<Definition | null> {
  const row = await store.definitions.byContentHash({ kind, namespace, name }, contentHash);
  const read = row === undefined ? null : definitionOf(row);
  return read?.ok === true ? read.value : null;
}

function goneIssue({ kind, type }: stored.DefinitionPin): Issue {
  const message = `The ${kind} definition "${type}" that this revision was made with is not there any more.`;
  return { code: 'definition-gone', path: '', message, actual: type };
}

/** Answers what was pinned. A type that no pin names can only be a stock one. */
class PinnedRegistry extends DefinitionRegistry {
  readonly #pinned: ReadonlyMap<string, Definition>;

  constructor(
    stock: StockDefinitions,
    pinned: ReadonlyMap<string, Definition>,
    revisions: readonly DefinitionRevision[],
  ) {
    super({ stock, revisions });
    this.#pinned = pinned;
  }

  override globalPolicies(): readonly Definition[] {
    return [...this.#pinned].flatMap(([key, found]) =>
      key.startsWith(`policy/${globalType}`) ? [found] : [],
    );
  }

  override lookup(
    kind: DefinitionKind,
    type: string,
    path: string,
    options: LookupOptions,
  ): Result<Definition> {
    const workload = kind === 'component' ? this.#pinned.get(`workload/${type}`) : undefined;
    const pinned = this.#pinned.get(`${kind}/${type}`) ?? workload;
    return pinned === undefined ? super.lookup(kind, type, path, options) : ok(pinned);
  }
}
