import { storedKind } from '../../db/submission/registry.ts';
import { toCustomResource } from '../../engine/definitions/custom-resource.ts';
import { type ImportedDocument, importFile, importTotals } from '../../engine/definitions/import.ts';
import { textHash } from '../../engine/oam/revision.ts';
import type { Deps } from '../deps.ts';
import { detailOf } from '../issues.ts';
import type { Principal } from '../middleware/request-context.ts';
import { archiveLimits, readArchive } from './archive.ts';

/** How many definitions one archive may bring. */
const maxDefinitions = 1000;

export interface ImportRequest {
  /** A gzipped tar. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Only tell; store nothing. */
  readonly dryRun: boolean;
}

/**
 * Reads an archive and stores what loads; a template that does not compile is stored as well, as KubeVela does, and
 * fails where it is used. Each definition is stored by itself: one that is refused does not keep the others away.
 */
export async function importArchive(deps: Deps, principal: Principal, { body, dryRun }: ImportRequest) {
  const files = await readArchive(body, archiveLimits);
  const documents: ImportedDocument[] = [];
  for (const file of files) {
    documents.push(
      ...importFile(file, (definition) => {
        const compiled = deps.submissions.compileDefinition(definition);
        return compiled.ok ? [] : compiled.issues;
      }),
    );
    if (documents.length > maxDefinitions) break;
  }
  const taken = documents.slice(0, maxDefinitions);
  const items: ReturnType<typeof itemOf>[] = [];
  for (const document of taken) {
    const outcome =
      dryRun || document.result === 'refused' ? undefined : await store(deps, principal, document);
    items.push(itemOf(document, outcome));
  }
  return { totals: importTotals(taken), items };
}

async function store(
  deps: Deps,
  { tenant, actor }: Principal,
  { definition }: Extract<ImportedDocument, { result: 'loaded' }>,
): Promise<string> {
  const source = JSON.stringify(toCustomResource(definition));
  const { outcome } = await deps.stores.of(tenant).definitions.put(actor, {
    kind: storedKind[definition.kind],
    name: definition.name,
    namespace: definition.namespace,
    version: definition.version,
    format: 'yaml',
    source,
    contentHash: textHash(source),
  });
  return outcome;
}

function itemOf(document: ImportedDocument, outcome: string | undefined) {
  const { result, file, line, imports, needsProviders, issues } = document;
  const errors = issues.map((issue) => ({ ...detailOf(issue), line: issue.span?.line ?? line }));
  const said = { result, file, line, imports: [...imports], needsProviders, errors };
  if (document.result === 'refused') return { ...said, reason: document.reason };
  return {
    ...said,
    kind: storedKind[document.kind],
    name: document.name,
    namespace: document.definition.namespace,
    schematic: document.schematic,
    compile: document.compile,
    warnings: document.warnings.map(detailOf),
    ...(outcome === undefined ? {} : { outcome }),
  };
}
