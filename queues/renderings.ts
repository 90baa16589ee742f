/** Renderings as they are stored: a blob a placement, each with the whole plan and the templates it needs. */
import type { Rendering as StoredRendering } from '../db/model/run.ts';
import type { TenantStore } from '../db/stores.ts';
import { objectsOf, type Rendering } from '../engine/workflow/rendering.ts';
import { placementKey } from '../engine/workflow/run.ts';

/** Stores a rendering; gives the rows that name its parts. */
export async function writeRendering(
  store: Pick<TenantStore, 'blobs'>,
  rendering: Rendering,
): Promise<StoredRendering[]> {
  const places = new Map(rendering.targets.map(({ placement }) => [placementKey(placement), placement]));
  const rows: StoredRendering[] = [];
  for (const [key, placement] of places) {
    const targets = rendering.targets.filter((target) => placementKey(target.placement) === key);
    const objects = await store.blobs.putJson({ ...rendering, targets });
    rows.push({ placement, objects, count: targets.flatMap(objectsOf).length });
  }
  return rows;
}

/** Reads a rendering back; undefined where there is none, or a part of it is gone. */
export async function readRendering(
  store: Pick<TenantStore, 'blobs'>,
  rows: readonly StoredRendering[],
): Promise<Rendering | undefined> {
  const parts: Rendering[] = [];
  for (const { objects } of rows) {
    const part = await store.blobs.getJson(objects);
    if (part === undefined) return undefined;
    // `writeRendering` is the only one that makes these.
    parts.push(part as Rendering);
  }
  const [first] = parts;
  return first === undefined ? undefined : { ...first, targets: parts.flatMap(({ targets }) => targets) };
}
