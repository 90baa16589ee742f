/** Rows of runs, as the domain sees them. */
import type { Row } from '../drivers/driver.ts';
import {
  type JournalEntry,
  type Rendering,
  type Run,
  type RunEvent,
  type RunListItem,
  type RunStep,
  runEventKinds,
  runPhases,
} from '../model/run.ts';
import type { BlobAddress, Placement } from '../model/shared.ts';
import type { Sealer } from '../sealing.ts';
import {
  id,
  maybe,
  oneOf,
  optionalId,
  optionalText,
  optionalWhole,
  text,
  unreadable,
  whole,
} from './read.ts';

export function runItemOf(row: Row): RunListItem {
  return {
    tenant: id('tenant', row, 'tenant'),
    id: id('run', row, 'id'),
    application: id('application', row, 'application'),
    number: whole(row, 'number'),
    revision: whole(row, 'revision'),
    kind: oneOf(row, 'kind', ['apply', 'rollback', 'delete'] as const),
    ...maybe('renderedBy', optionalId('run', row, 'rendered_by')),
    phase: oneOf(row, 'phase', runPhases),
    version: whole(row, 'version'),
    ...maybe('dueAt', optionalWhole(row, 'due_at')),
    createdAt: whole(row, 'created_at'),
    ...maybe('startedAt', optionalWhole(row, 'started_at')),
    ...maybe('finishedAt', optionalWhole(row, 'finished_at')),
  };
}

export async function runOf(row: Row, sealer: Sealer): Promise<Run> {
  const item = runItemOf(row);
  const state = optionalText(row, 'state');
  return { ...item, state: state === undefined ? null : await sealer.open('run.state', item.id, state) };
}

/** What belongs to one placement of a step is sealed under. */
export function stepId(run: string, step: string, placement: Placement): string {
  return JSON.stringify([run, step, placement.cluster, placement.namespace, placement.replicaKey]);
}

function placementOf(row: Row): Placement {
  return {
    cluster: text(row, 'cluster'),
    namespace: text(row, 'namespace'),
    replicaKey: text(row, 'replica_key'),
  };
}

export async function stepOf(row: Row, sealer: Sealer): Promise<RunStep> {
  const step = text(row, 'step');
  const placement = placementOf(row);
  const sealed = optionalText(row, 'message');
  const message =
    sealed === undefined
      ? ''
      : await sealer.open('run_step.message', stepId(text(row, 'run'), step, placement), sealed);
  if (typeof message !== 'string') throw unreadable('run_step.message', 'is not text');
  return {
    step,
    placement,
    position: whole(row, 'position'),
    type: text(row, 'type'),
    phase: oneOf(row, 'phase', [
      'pending',
      'running',
      'suspending',
      'succeeded',
      'failed',
      'skipped',
    ] as const),
    reason: text(row, 'reason'),
    message,
    attempt: whole(row, 'attempt'),
    ...maybe('firstAt', optionalWhole(row, 'first_at')),
    ...maybe('lastAt', optionalWhole(row, 'last_at')),
  };
}

/** Payloads of events are sealed under their Application: the number is given only as the row is written. */
export async function eventOf(row: Row, sealer: Sealer): Promise<RunEvent> {
  return {
    seq: whole(row, 'seq'),
    run: id('run', row, 'run'),
    kind: oneOf(row, 'kind', runEventKinds),
    payload: await sealer.open('run_event.payload', text(row, 'application'), text(row, 'payload')),
    createdAt: whole(row, 'created_at'),
    ...maybe('consumedAt', optionalWhole(row, 'consumed_at')),
  };
}

/** What a journal entry is sealed under. */
export function journalId(
  run: string,
  entry: Pick<JournalEntry, 'step' | 'path' | 'hash' | 'attempt'>,
): string {
  return JSON.stringify([run, entry.step, entry.path, entry.hash, entry.attempt]);
}

export async function journalOf(row: Row, sealer: Sealer): Promise<JournalEntry> {
  const key = {
    step: text(row, 'step'),
    path: text(row, 'path'),
    hash: text(row, 'hash'),
    attempt: whole(row, 'attempt'),
  };
  return {
    ...key,
    kind: text(row, 'kind'),
    result: await sealer.open('journal.result', journalId(text(row, 'run'), key), text(row, 'result')),
    createdAt: whole(row, 'created_at'),
  };
}

export function renderingOf(row: Row): Rendering {
  // only addresses that the blob store made are ever stored; a foreign key holds them
  return {
    placement: placementOf(row),
    objects: text(row, 'objects') as BlobAddress,
    count: whole(row, 'count'),
  };
}
