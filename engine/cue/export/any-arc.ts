/** The value that a field or element would have of which nothing is known but that it may be added. */
import { matchesPattern } from '../eval/arc.ts';
import type { Evaluation } from '../eval/evaluation.ts';
import { STRING_KIND } from '../eval/kind.ts';
import { finalize } from '../eval/process.ts';
import { TAG_TOP, TAG_TYPE } from '../eval/tag.ts';
import {
  ARC_MEMBER,
  Conjunct,
  Env,
  FINALIZED,
  type PatternConstraint,
  TopValue,
  Vertex,
} from '../eval/value.ts';

/** An index behind those of all lists. */
const ANY_INDEX = 0x0fffffff;

/** What every further field of a struct must be (`[string]: T`, not `[=~"x"]: T`); null if nothing is said. */
export function anyField(ctx: Evaluation, v: Vertex): Vertex | null {
  const known = anyArc(ctx, v, ({ pattern }) => {
    return pattern.tag === TAG_TOP || (pattern.tag === TAG_TYPE && (pattern.kind & STRING_KIND) !== 0);
  });
  return known ?? (v.hasEllipsis ? anything(v) : null);
}

/** What `...` admits. */
export function anything(v: Vertex): Vertex {
  const arc = new Vertex('', v, ARC_MEMBER);
  arc.base = new TopValue(null);
  arc.status = FINALIZED;
  return arc;
}

/** What every further element of an open list must be; null if nothing is said. */
export function anyElement(ctx: Evaluation, v: Vertex): Vertex | null {
  return anyArc(ctx, v, ({ pattern }) => matchesPattern(ctx, pattern, ANY_INDEX));
}

function anyArc(
  ctx: Evaluation,
  v: Vertex,
  applies: (constraint: PatternConstraint) => boolean,
): Vertex | null {
  const constraints = (v.patterns ?? []).filter(applies);
  if (constraints.length === 0) return null;
  ctx.node();
  const arc = new Vertex('', v, ARC_MEMBER);
  arc.closedRecursive = v.closedRecursive;
  for (const { conjuncts } of constraints) {
    for (const { env, expr, info, field } of conjuncts) {
      const own = env === null ? null : new Env(env.up, env.vertex);
      if (own !== null && env !== null) own.bound = env.bound;
      arc.addConjunct(new Conjunct(own, expr, info, field));
    }
  }
  settle(ctx, arc);
  return arc;
}

/** Finalizes as far as it goes; what waits for itself is settled by asking again. */
export function settle(ctx: Evaluation, v: Vertex): void {
  ctx.final = true;
  ctx.blocked = false;
  for (let i = 0; i < 4; i++) if (finalize(ctx, v)) return;
}
