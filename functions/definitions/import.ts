import type { z } from '@hono/zod-openapi';
import type { PutDefinition } from '../../db/model/application.ts';
import { sourceOf, storedKind } from '../../db/submission/registry.ts';
import {
  type DefinitionFile,
  type ImportedDocument,
  importFile,
  importTotals,
  type LoadedDocument,
} from '../../engine/definitions/import.ts';
import { Fault } from '../../engine/fault.ts';
import { textHash } from '../../engine/oam/revision.ts';
import type { Deps } from '../deps.ts';
import { detailOf } from '../issues.ts';
import type { Principal } from '../middleware/request-context.ts';
import { archiveLimits, readArchive } from './archive.ts';
import type { importedSchema } from './schema.ts';

/** How many definitions one archive may bring. */
const maxDefinitions = 1000;
/** Of one batch. */
const maxTogether = 50;
const maxTogetherCharacters = 1024 * 1024;

export interface ImportRequest {
  /** A gzipped tar. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Only tell; store nothing. */
  readonly dryRun: boolean;
}

type Report = z.infer<typeof importedSchema>;

export interface Import {
  readonly report: Report;
  /** Why not all of it was stored; the report tells what was. */
  readonly failure?: unknown;
}

/**
 * Reads an archive and stores what loads; a template that does not compile is stored as well, as KubeVela does, and
 * fails where it is used. What comes together is stored in batches, each whole or not at all; a definition that is refused
 * does not keep the others away. Where a batch fails, the later ones are not tried.
 */
export async function importArchive(
  deps: Pick<Deps, 'stores' | 'submissions'>,
  principal: Principal,
  { body, dryRun }: ImportRequest,
): Promise<Import> {
  const read = await readDocuments(deps, body);
  const documents = read.map(({ document }) => document);
  const { outcomes, failure } = dryRun
    ? { outcomes: new Map<ImportedDocument, Outcome>(), failure: undefined }
    : await storeAll(deps, principal, read);
  const items = documents.map((document) => itemOf(document, outcomes.get(document)));
  const stored = dryRun ? {} : { stored: countsOf(outcomes) };
  return {
    report: { totals: { ...importTotals(documents), ...stored }, items },
    ...(failure === undefined ? {} : { failure }),
  };
}

interface ReadDocument {
  readonly document: ImportedDocument;
  readonly file: DefinitionFile;
}

async function readDocuments(
  { submissions }: Pick<Deps, 'submissions'>,
  body: Uint8Array<ArrayBuffer>,
): Promise<readonly ReadDocument[]> {
  const documents: ReadDocument[] = [];
  for (const file of await readArchive(body, archiveLimits)) {
    const read = importFile(file, (definition) => {
      const compiled = submissions.compileDefinition(definition);
      return compiled.ok ? [] : compiled.issues;
    });
    documents.push(...read.map((document) => ({ document, file })));
    if (documents.length <= maxDefinitions) continue;
    throw new Fault('request.too_large', `The archive holds more than ${maxDefinitions} definitions.`);
  }
  return documents;
}

type Outcome =
  | { readonly kind: 'created' | 'revised' | 'unchanged' | 'notStored' }
  /** The same definition follows in the archive, and that one counts. */
  | { readonly kind: 'replaced'; readonly by: ImportedDocument }
  | { readonly kind: 'conflict'; readonly message: string };

async function storeAll(
  { stores }: Pick<Deps, 'stores'>,
  { tenant, actor }: Principal,
  documents: readonly ReadDocument[],
): Promise<{ readonly outcomes: ReadonlyMap<ImportedDocument, Outcome>; readonly failure: unknown }> {
  const { definitions } = stores.of(tenant);
  const last = lastOf(documents);
  const outcomes = new Map<ImportedDocument, Outcome>();
  let failure: unknown;
  for (const { document } of documents) {
    const by = document.result === 'refused' ? undefined : last.get(keyOf(document));
    if (by !== undefined && by !== document) outcomes.set(document, { kind: 'replaced', by });
  }
  for (const batch of batchesOf(documents.filter(({ document }) => !outcomes.has(document)))) {
    try {
      if (failure !== undefined) throw failure;
      const results = await definitions.putAll(
        actor,
        batch.map(({ put }) => put),
      );
      for (const [index, { document }] of batch.entries()) {
        const result = results[index];
        if (result?.kind === 'put') outcomes.set(document, { kind: result.outcome });
        else outcomes.set(document, { kind: 'conflict', message: result?.fault.public ?? '' });
      }
    } catch (error) {
      failure = error;
      for (const { document } of batch) outcomes.set(document, { kind: 'notStored' });
    }
  }
  return { outcomes, failure };
}

function keyOf({ definition: { kind, namespace, name, version } }: LoadedDocument): string {
  return JSON.stringify([kind, namespace, name, version ?? null]);
}

/** By definition and version. */
function lastOf(documents: readonly ReadDocument[]): ReadonlyMap<string, ImportedDocument> {
  return new Map(
    documents.flatMap(({ document }) =>
      document.result === 'refused' ? [] : [[keyOf(document), document] as const],
    ),
  );
}

interface Put {
  readonly document: ImportedDocument;
  readonly put: PutDefinition;
}

/** In the archive's order. Two versions of one definition come in two batches: the later one is the newer. */
function batchesOf(documents: readonly ReadDocument[]): readonly (readonly Put[])[] {
  const batches: Put[][] = [];
  let names = new Set<string>();
  let size = Number.POSITIVE_INFINITY;
  for (const { document, file } of documents) {
    if (document.result === 'refused') continue;
    const put = putOf(document, file);
    const name = `${put.kind}/${put.namespace}/${put.name}`;
    const last = batches.at(-1) ?? [];
    if (last.length >= maxTogether || size + put.source.length > maxTogetherCharacters || names.has(name)) {
      batches.push([]);
      names = new Set();
      size = 0;
    }
    batches.at(-1)?.push({ document, put });
    names.add(name);
    size += put.source.length;
  }
  return batches;
}

/** A .cue file is kept as it is: the same as one that is put by itself, and errors name its lines. */
function putOf({ definition }: LoadedDocument, { path, text }: DefinitionFile): PutDefinition {
  const { kind, name, namespace, version } = definition;
  const key = { kind: storedKind[kind], name, namespace, version };
  return path.endsWith('.cue')
    ? { ...key, format: 'cue', source: text, contentHash: textHash(text) }
    : { ...key, format: 'yaml', ...sourceOf(definition) };
}

function countsOf(outcomes: ReadonlyMap<ImportedDocument, Outcome>) {
  const counts = { created: 0, revised: 0, unchanged: 0, replaced: 0, conflict: 0, notStored: 0 };
  for (const { kind } of outcomes.values()) counts[kind] += 1;
  return counts;
}

function itemOf(document: ImportedDocument, outcome: Outcome | undefined): Report['items'][number] {
  const { result, file, line, imports, needsProviders, issues } = document;
  const errors: unknown[] = issues.map((issue) => ({ ...detailOf(issue), line: issue.span?.line ?? line }));
  if (outcome?.kind === 'conflict')
    errors.push({ pointer: '', code: 'resource.conflict', detail: outcome.message, line });
  const said = { result, file, line, imports: [...imports], needsProviders, errors };
  if (document.result === 'refused') return { ...said, reason: document.reason };
  const warnings = document.warnings.map(detailOf);
  if (outcome?.kind === 'replaced') {
    const detail = `The same definition follows in ${outcome.by.file}:${outcome.by.line}, and that one is stored.`;
    warnings.push({ pointer: '', code: 'definition.replaced', detail });
  }
  return {
    ...said,
    kind: storedKind[document.kind],
    name: document.name,
    namespace: document.definition.namespace,
    schematic: document.schematic,
    compile: document.compile,
    warnings,
    ...(outcome === undefined ? {} : { outcome: outcome.kind }),
  };
}
