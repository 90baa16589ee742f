/** Rows of definitions, Applications, revisions and public statuses, as the domain sees them. */
import type { Row } from '../drivers/driver.ts';
import {
  type Application,
  type ApplicationHead,
  type ApplicationListItem,
  type Definition,
  type DefinitionKind,
  type DefinitionPin,
  definitionOrigins,
  type PublicStatus,
  type Revision,
  type RevisionListItem,
} from '../model/application.ts';
import type { Json, JsonObject } from '../model/shared.ts';
import type { Sealer } from '../sealing.ts';
import { visibilities } from './access.ts';
import {
  id,
  isObject,
  json,
  jsonObject,
  maybe,
  object,
  oneOf,
  optionalWhole,
  text,
  textMap,
  unreadable,
  whole,
} from './read.ts';

export const definitionKinds = [
  'component',
  'trait',
  'policy',
  'workflow-step',
  'workload',
] as const satisfies readonly DefinitionKind[];

/** What a definition's source is sealed under. */
export function definitionId(row: {
  kind: string;
  namespace: string;
  name: string;
  sequence: number;
}): string {
  return JSON.stringify([row.kind, row.namespace, row.name, row.sequence]);
}

export function definitionHeadOf(row: Row): Omit<Definition, 'source'> {
  return {
    kind: oneOf(row, 'kind', definitionKinds),
    namespace: text(row, 'namespace'),
    name: text(row, 'name'),
    version: text(row, 'version'),
    sequence: whole(row, 'sequence'),
    format: oneOf(row, 'format', ['cue', 'yaml'] as const),
    contentHash: text(row, 'content_hash'),
    createdAt: whole(row, 'created_at'),
  };
}

export async function definitionOf(row: Row, sealer: Sealer): Promise<Definition> {
  const head = definitionHeadOf(row);
  const source = await sealer.open('definition.source', definitionId(head), text(row, 'source'));
  if (typeof source !== 'string') throw unreadable('definition.source', 'is not text');
  return { ...head, source };
}

/** The row must carry `visibility` of its status. */
export function headOf(row: Row): ApplicationHead {
  return {
    uid: id('application', row, 'uid'),
    namespace: text(row, 'namespace'),
    name: text(row, 'name'),
    generation: whole(row, 'generation'),
    resourceVersion: whole(row, 'resource_version'),
    state: oneOf(row, 'state', ['active', 'deleting'] as const),
    revision: whole(row, 'revision'),
    latestRevision: whole(row, 'latest_revision'),
    specHash: text(row, 'spec_hash'),
    run: id('run', row, 'run'),
    status: id('status', row, 'status'),
    statusVisibility: oneOf(row, 'visibility', visibilities),
    createdAt: whole(row, 'created_at'),
    updatedAt: whole(row, 'updated_at'),
    ...maybe('deletionRequestedAt', optionalWhole(row, 'deletion_requested_at')),
  };
}

export async function listItemOf(row: Row, sealer: Sealer): Promise<ApplicationListItem> {
  const head = headOf(row);
  const metadata = object(
    await sealer.open('application.metadata', head.uid, text(row, 'metadata')),
    'metadata',
  );
  return {
    ...head,
    labels: textMap(metadata.labels, 'metadata'),
    annotations: textMap(metadata.annotations, 'metadata'),
  };
}

/** What a revision's content is sealed under. */
export function revisionId(application: string, number: number): string {
  return `${application}/${number}`;
}

async function contentOf(row: Row, sealer: Sealer, application: string, number: number): Promise<JsonObject> {
  return object(
    await sealer.open('revision.content', revisionId(application, number), text(row, 'content')),
    'content',
  );
}

/** The row must carry `content` of the wanted revision. */
export async function applicationOf(row: Row, sealer: Sealer): Promise<Application> {
  const item = await listItemOf(row, sealer);
  const content = await contentOf(row, sealer, item.uid, item.revision);
  return { ...item, spec: object(content.spec, 'content') };
}

export function revisionItemOf(row: Row): RevisionListItem {
  return {
    application: id('application', row, 'application'),
    number: whole(row, 'number'),
    specHash: text(row, 'spec_hash'),
    engine: text(row, 'engine'),
    createdAt: whole(row, 'created_at'),
  };
}

export async function revisionOf(row: Row, sealer: Sealer): Promise<Revision> {
  const item = revisionItemOf(row);
  const content = await contentOf(row, sealer, item.application, item.number);
  return {
    ...item,
    spec: object(content.spec, 'content'),
    labels: textMap(content.labels, 'content'),
    annotations: textMap(content.annotations, 'content'),
    pins: pinsOf(json(row, 'pins')),
    ...maybe('extra', content.extra),
  };
}

function pinsOf(value: Json): readonly DefinitionPin[] {
  if (!Array.isArray(value)) throw unreadable('pins', 'is not a list');
  return value.map((pin: Json) => {
    if (!isObject(pin)) throw unreadable('pins', 'holds no pin');
    const row: Row = pin;
    return {
      kind: oneOf(row, 'kind', definitionKinds),
      namespace: text(row, 'namespace'),
      name: text(row, 'name'),
      type: text(row, 'type'),
      origin: oneOf(row, 'origin', definitionOrigins),
      version: text(row, 'version'),
      contentHash: text(row, 'contentHash'),
    };
  });
}

export function statusOf(row: Row): PublicStatus {
  return {
    id: id('status', row, 'id'),
    application: id('application', row, 'application'),
    version: whole(row, 'version'),
    summary: jsonObject(row, 'summary'),
    updatedAt: whole(row, 'updated_at'),
  };
}
