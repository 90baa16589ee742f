/**
 * Finding the definition that a type names: the Application's namespace, the tenant's `vela-system`, the stock
 * definitions (pkg/oam/util/helper.go GetCapabilityDefinition).
 */
import { nearestName } from '../oam/nearest.ts';
import { contentHash } from '../oam/revision.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import { parseCueFile } from './cue-file.ts';
import { toCustomResource } from './custom-resource.ts';
import type { Definition, DefinitionKind } from './definition.ts';
import { deprecatedLabel, systemNamespace } from './definition.ts';
import { newestMatching } from './version.ts';

/** The version of the stock definitions: KubeVela's own are revision 1 from their installation on. */
export const stockVersion = '1';

/** A kept version of a definition. `name` is `<definition>-v<number or version>`. */
export interface DefinitionRevision {
  readonly name: string;
  readonly definition: Definition;
}

/** What templates and KubeVela's status say of a definition's version; empty and 0 where none is known. */
export interface RevisionIdentity {
  readonly name: string;
  readonly number: number;
  /** Opaque. */
  readonly hash: string;
}

/** A definition of ours as the bundle holds it: a file's text. */
export interface StockFile {
  readonly kind: 'component' | 'trait' | 'policy' | 'workflowstep';
  readonly name: string;
  readonly deprecated: boolean;
  readonly source: string;
}

/** The stock definitions, each parsed when it is first asked for. Hold one for as long as possible. */
export class StockDefinitions {
  readonly #files = new Map<string, StockFile>();
  readonly #parsed = new Map<string, Definition | null>();

  /** `deprecated: false` leaves the deprecated ones out, as KubeVela's chart does not ship them. */
  constructor(files: readonly StockFile[], options: { readonly deprecated?: boolean } = {}) {
    for (const file of files) {
      if (file.deprecated && options.deprecated === false) continue;
      this.#files.set(`${file.kind}/${file.name}`, file);
    }
  }

  find(kind: DefinitionKind, name: string): Definition | null {
    const key = `${kind}/${name}`;
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const file = this.#files.get(key);
    const parsed = file === undefined ? null : this.#parse(file);
    this.#parsed.set(key, parsed);
    return parsed;
  }

  /** The text of a definition's file; null where there is none. */
  source(kind: DefinitionKind, name: string): string | null {
    return this.#files.get(`${kind}/${name}`)?.source ?? null;
  }

  names(kind: DefinitionKind): readonly string[] {
    return [...this.#files.values()].filter((f) => f.kind === kind).map((f) => f.name);
  }

  #parse(file: StockFile): Definition | null {
    const parsed = parseCueFile(file.source, `${file.kind}/${file.name}.cue`);
    if (!parsed.ok) return null;
    const { value } = parsed;
    return file.deprecated ? { ...value, labels: { ...value.labels, [deprecatedLabel]: 'true' } } : value;
  }
}

export interface RegistryContents {
  readonly stock: StockDefinitions;
  /** The newest state of each definition of the tenant, of any namespace. */
  readonly definitions?: readonly Definition[];
  readonly revisions?: readonly DefinitionRevision[];
}

export interface LookupOptions {
  /** The Application's. */
  readonly namespace: string;
  /** The annotation `app.oam.dev/autoUpdate` is `"true"`: a partial version takes the newest that matches. */
  readonly autoUpdate: boolean;
}

export class DefinitionRegistry {
  readonly #stock: StockDefinitions;
  readonly #definitions = new Map<string, Definition>();
  readonly #revisions: readonly DefinitionRevision[];

  constructor(contents: RegistryContents) {
    this.#stock = contents.stock;
    for (const d of contents.definitions ?? []) this.#definitions.set(key(d.namespace, d.kind, d.name), d);
    this.#revisions = contents.revisions ?? [];
  }

  /**
   * The definition for a type, with or without `@v…`. A component type may be a WorkloadDefinition. Issue
   * `definition-not-found` names the nearest type; its path is `path`.
   */
  lookup(kind: DefinitionKind, type: string, path: string, options: LookupOptions): Result<Definition> {
    const found = type.includes('@')
      ? this.#versioned(kind, type, options)
      : this.#newest(kind, type, options.namespace);
    if (found !== null) return ok(found);
    if (kind === 'component') {
      const workload = this.#newest('workload', type, options.namespace);
      if (workload !== null) return ok(workload);
    }
    return fail(this.#notFound(kind, type, path, options));
  }

  /** The kept version that a definition is. */
  revisionOf(definition: Definition): RevisionIdentity {
    const revision = this.#revisions.find((r) => r.definition === definition);
    if (revision === undefined) return { name: '', number: 0, hash: '' };
    const number = /^[0-9]{1,9}$/.exec(revision.name.slice(definition.name.length + 2));
    const hash = contentHash(toCustomResource(definition)).slice(0, 16);
    return { name: revision.name, number: number === null ? 0 : Number(number[0]), hash };
  }

  /**
   * The global policies of scope Application that hold in a namespace, in no order: its own, and those of `vela-system`
   * that have the name of none of them (policy_scope_index.go GetGlobalApplicationPoliciesDeduped).
   */
  globalPolicies(namespace: string): readonly Definition[] {
    const found = new Map<string, Definition>();
    const globals = [...this.#definitions.values()].filter(
      ({ kind, attributes }) => kind === 'policy' && attributes.global && attributes.scope === 'Application',
    );
    for (const place of [namespace, systemNamespace])
      for (const one of globals)
        if (one.namespace === place && !found.has(one.name)) found.set(one.name, one);
    return [...found.values()];
  }

  /** All types of a kind that an Application of this namespace can name, in byte order. */
  names(kind: DefinitionKind, namespace: string): readonly string[] {
    const own = [...this.#definitions.values()].filter(
      (d) => d.kind === kind && (d.namespace === namespace || d.namespace === systemNamespace),
    );
    return [...new Set([...own.map((d) => d.name), ...this.#stock.names(kind)])].sort();
  }

  #newest(kind: DefinitionKind, name: string, namespace: string): Definition | null {
    return (
      this.#definitions.get(key(namespace, kind, name)) ??
      this.#definitions.get(key(systemNamespace, kind, name)) ??
      this.#stock.find(kind, name)
    );
  }

  #versioned(kind: DefinitionKind, type: string, options: LookupOptions): Definition | null {
    const wanted = revisionName(type);
    const name = type.slice(0, type.indexOf('@'));
    for (const namespace of new Set([options.namespace, systemNamespace])) {
      const kept = this.#revisions.filter(
        (r) =>
          r.definition.namespace === namespace && r.definition.kind === kind && r.definition.name === name,
      );
      const exact = kept.find((r) => r.name === wanted);
      if (exact !== undefined) return exact.definition;
      const installed = namespace === systemNamespace && wanted === `${name}-v${stockVersion}`;
      const stock = installed ? this.#stock.find(kind, name) : null;
      if (stock !== null) return stock;
      if (!options.autoUpdate) continue;
      const newest = newestMatching(kept, wanted, (r) => r.name.slice(name.length + 1));
      if (newest !== null) return newest.definition;
    }
    return null;
  }

  #notFound(kind: DefinitionKind, type: string, path: string, options: LookupOptions): Issue {
    const names = this.names(kind, options.namespace);
    const near = nearestName(type, names);
    const versions = this.#versionsOf(kind, type);
    const hint =
      versions !== '' ? ` Versions: ${versions}.` : near === null ? '' : ` Did you mean "${near}"?`;
    const noun = kind === 'workflowstep' ? 'workflow step' : kind;
    return {
      code: 'definition-not-found',
      path,
      message: `There is no ${noun} type "${type}".${hint}`,
      expected: versions !== '' ? `one of ${versions}` : (near ?? 'a type that is defined'),
      actual: type,
    };
  }

  #versionsOf(kind: DefinitionKind, type: string): string {
    const at = type.indexOf('@');
    if (at < 0) return '';
    const name = type.slice(0, at);
    const kept = this.#revisions.filter((r) => r.definition.kind === kind && r.definition.name === name);
    const versions = kept.map((r) => r.name.slice(name.length + 1));
    const stock = this.#stock.find(kind, name) === null ? [] : [`v${stockVersion}`];
    return [...new Set([...versions, ...stock])].map((version) => `${name}@${version}`).join(', ');
  }
}

function key(namespace: string, kind: DefinitionKind, name: string): string {
  return `${namespace}\n${kind}\n${name}`;
}

/** `worker@v1.3` as the name of a revision: `worker-v1.3`. Other types are their own name. */
export function revisionName(type: string): string {
  const at = type.indexOf('@v');
  return at <= 0 ? type : `${type.slice(0, at)}-v${type.slice(at + 2)}`;
}
