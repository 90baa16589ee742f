/**
 * What the agent has been told to keep and what it has put into the cluster, on disk. One folder an Application;
 * its `state.json` is written before anything is done in the cluster, so that whatever is cut off is taken up again.
 */
import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type BundleIndex,
  driftRule,
  type IndexEntry,
  indexEntrySchema,
  objectRefSchema,
  refKey,
} from '../engine/delivery/bundle.ts';
import type { ApplicationUid, TenantId } from '../engine/ids.ts';
import type { JsonObject } from '../engine/json.ts';
import { readWhole, writeWhole } from './files.ts';
import { isObjectOf } from './verify.ts';

const heldSchema = z.object({
  ref: objectRefSchema,
  /** '' until an apply has told. */
  uid: z.string(),
  /** Address of what was last applied with success; '' for nothing yet. */
  sha256: z.string(),
  /** Sequence of that apply. */
  sequence: z.number(),
  /** What server-side apply noted as our fields then; see `fieldsHeld`. */
  fields: z.string(),
});
/** An object that may be in the cluster because of us. */
export type Held = z.infer<typeof heldSchema>;

const stateSchema = z.object({
  v: z.literal(1),
  hub: z.string(),
  tenant: z.string().transform((id) => id as TenantId),
  application: z.object({
    uid: z.string().transform((id) => id as ApplicationUid),
    namespace: z.string(),
    name: z.string(),
  }),
  sequence: z.number(),
  prune: z.boolean(),
  drift: driftRule,
  desired: z.array(indexEntrySchema),
  held: z.array(heldSchema),
});
export type ApplicationState = z.infer<typeof stateSchema>;

/** Application uids become names of folders. */
const safeName = /^[A-Za-z0-9_-]{1,64}$/;

export class StateFolder {
  private readonly root: string;

  constructor(root: string) {
    this.root = join(root, 'applications');
    mkdirSync(this.root, { recursive: true, mode: 0o700 });
  }

  /** All Applications of the folder. One that cannot be read is left out: the hub sends it again, whole. */
  readAll(): ApplicationState[] {
    return readdirSync(this.root).flatMap((name) => {
      const text = safeName.test(name) ? readWhole(join(this.root, name, 'state.json')) : undefined;
      const state = text === undefined ? undefined : parseState(text);
      return state === undefined ? [] : [state];
    });
  }

  /** Stores the objects of a bundle that are not here yet; gives the addresses that are still missing. */
  putObjects(index: BundleIndex, objects: Readonly<Record<string, JsonObject>>): string[] {
    const folder = this.folderOf(index.application.uid);
    const missing: string[] = [];
    for (const { sha256 } of index.objects) {
      const path = join(folder, `${sha256}.json`);
      if (this.readObject(index.application.uid, sha256) !== undefined) continue;
      const object = Object.hasOwn(objects, sha256) ? objects[sha256] : undefined;
      if (object === undefined || !isObjectOf(sha256, object)) missing.push(sha256);
      else writeWhole(path, JSON.stringify(object), { durable: false });
    }
    return missing;
  }

  /** An object by its address, if it is here and is what its address says. */
  readObject(application: ApplicationUid, sha256: string): JsonObject | undefined {
    const text = readWhole(join(this.folderOf(application), `${sha256}.json`));
    if (text === undefined) return undefined;
    try {
      // It was an object when it was written; a damaged file fails the check of its address.
      const object = JSON.parse(text) as JsonObject;
      return isObjectOf(sha256, object) ? object : undefined;
    } catch {
      return undefined;
    }
  }

  /** `durable` where a sequence is taken; what was applied can be found out again. */
  write(state: ApplicationState, how: { readonly durable: boolean }): void {
    writeWhole(join(this.folderOf(state.application.uid), 'state.json'), JSON.stringify(state), how);
  }

  /** Removes the objects that the state does not name any more. */
  tidy(state: ApplicationState): void {
    const kept = new Set(state.desired.map(({ sha256 }) => `${sha256}.json`)).add('state.json');
    const folder = this.folderOf(state.application.uid);
    for (const name of readdirSync(folder)) if (!kept.has(name)) unlinkSync(join(folder, name));
  }

  private folderOf(application: string): string {
    if (!safeName.test(application)) throw new Error('an Application uid that is no name of a folder');
    const folder = join(this.root, application);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
}

function parseState(text: string): ApplicationState | undefined {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The state once a bundle is taken: all it wants is noted as possibly in the cluster before it is. */
export function takeBundle(before: ApplicationState | undefined, index: BundleIndex): ApplicationState {
  const held = new Map((before?.held ?? []).map((one) => [refKey(one.ref), one]));
  for (const { ref } of index.objects) {
    const key = refKey(ref);
    const known = held.get(key);
    held.set(
      key,
      known === undefined ? { ref, uid: '', sha256: '', sequence: 0, fields: '' } : { ...known, ref },
    );
  }
  return {
    v: 1,
    hub: index.hub,
    tenant: index.tenant,
    application: index.application,
    sequence: index.sequence,
    prune: index.prune,
    drift: index.drift,
    desired: index.objects,
    held: [...held.values()],
  };
}

/** What a state holds that its bundle does not want. */
export function surplusOf(state: ApplicationState): Held[] {
  const wanted = new Set(state.desired.map(({ ref }) => refKey(ref)));
  return state.held.filter(({ ref }) => !wanted.has(refKey(ref)));
}

export function entryOf(state: ApplicationState, key: string): IndexEntry | undefined {
  return state.desired.find(({ ref }) => refKey(ref) === key);
}
