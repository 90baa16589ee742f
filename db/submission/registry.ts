/** The definitions that one tenant's Applications of a namespace can name: its own rows over the stock ones. */
import { parseCueFile } from '../../engine/definitions/cue-file.ts';
import { parseCustomResources } from '../../engine/definitions/custom-resource.ts';
import {
  type Definition,
  type DefinitionKind,
  systemNamespace,
} from '../../engine/definitions/definition.ts';
import { DefinitionRegistry, type StockDefinitions } from '../../engine/definitions/registry.ts';
import { textHash } from '../../engine/oam/revision.ts';
import { fail, ok, type Result } from '../../engine/result.ts';
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
  return /^\s*(["']?apiVersion["']?\s*:|\{\s*"|---|#[^\n]*\n\s*apiVersion\s*:)/.test(text) ? 'yaml' : 'cue';
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

/**
 * The registry for the Applications of one namespace. Rows that no longer parse are left out, as if not there;
 * `brought` is what the same submission brings, and comes first.
 */
export async function registryOf(
  store: TenantStore,
  stock: StockDefinitions,
  namespace: string,
  brought: readonly Definition[] = [],
): Promise<DefinitionRegistry> {
  const rows = await store.definitions.registry([...new Set([namespace, systemNamespace])]);
  const kept: { readonly name: string; readonly definition: Definition }[] = [];
  for (const row of rows) {
    const source = `${row.kind}/${row.name}.${row.format}`;
    const read = readDefinition(row.source, row.format, { source, namespace: row.namespace });
    if (!read.ok) continue;
    kept.push({
      name: `${row.name}-v${row.version}`,
      definition: { ...read.value, namespace: row.namespace },
    });
  }
  return new DefinitionRegistry({
    stock,
    definitions: [...kept.map(({ definition }) => definition), ...brought],
    revisions: kept,
  });
}

/** What a revision pins of a definition: its text's hash, or the stock one's name where it is ours. */
export function pinOf(definition: Definition): stored.DefinitionPin {
  return {
    kind: storedKind[definition.kind],
    namespace: definition.namespace,
    name: definition.name,
    version: definition.version ?? '',
    contentHash: textHash(JSON.stringify([definition.schematic, definition.status, definition.attributes])),
  };
}
