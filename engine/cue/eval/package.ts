/** Imported packages as values. */
import type { ImportRef } from '../compile/ir.ts';
import { insertArc } from './arc.ts';
import { fromData } from './data.ts';
import type { Evaluation } from './evaluation.ts';
import { regularLabel } from './label.ts';
import { stateOf } from './process.ts';
import { ARC_MEMBER, Conjunct, NO_CLOSE_INFO, Vertex } from './value.ts';

/** The root of a package, made once in an evaluation. */
export function packageRoot(ctx: Evaluation, ref: ImportRef): Vertex {
  let v = ctx.packages.get(ref.path);
  if (v !== undefined) return v;
  ctx.node();
  v = new Vertex('', null, ARC_MEMBER);
  ctx.packages.set(ref.path, v);
  const { pkg } = ref;
  if (pkg.root !== null) v.addConjunct(new Conjunct(null, pkg.root, NO_CLOSE_INFO, null));
  const n = stateOf(ctx, v);
  n.isSureStruct = true;
  n.hasStruct = true;
  for (const [name, value] of pkg.values) {
    insertArc(ctx, n, regularLabel(name), ARC_MEMBER, new Conjunct(null, value, NO_CLOSE_INFO, null));
  }
  for (const [name, data] of pkg.constants) {
    const value = fromData(ctx, data, null);
    insertArc(ctx, n, regularLabel(name), ARC_MEMBER, new Conjunct(null, value, NO_CLOSE_INFO, null));
  }
  return v;
}
