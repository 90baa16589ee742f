/**
 * Lists of literals and types (`["a"]`, `[...string]`) as they are written: what a disjunction of them leaves is told
 * without evaluating anything.
 */
import type { ListLit } from '../compile/ir.ts';
import { compare } from '../number/number.ts';
import { compareBytes } from './compare.ts';
import type { Evaluation } from './evaluation.ts';
import { INT_KIND, LIST_KIND } from './kind.ts';
import type { NodeState } from './state.ts';
import { LAST_SCALAR, TAG_BOOL, TAG_BYTES, TAG_NULL, TAG_NUM, TAG_STRING, TAG_TOP, TAG_TYPE } from './tag.ts';
import type { Scalar, SimpleValue } from './value.ts';
import {
  ARC_MEMBER,
  BoundValue,
  CLOSED_LIST,
  Conjunct,
  FINALIZED,
  kindOf,
  NO_CLOSE_INFO,
  NumValue,
  OPEN_LIST,
  TopValue,
  type TypeValue,
  Vertex,
} from './value.ts';

type Literal = Scalar | TypeValue | TopValue;

/** A list of which only literals are known; `rest` is what further elements have to be, null if there are none. */
export class ListShape {
  readonly items: readonly Literal[];
  readonly rest: Literal | null;
  constructor(items: readonly Literal[], rest: Literal | null) {
    this.items = items;
    this.rest = rest;
  }
}

export type Shape = SimpleValue | ListShape;

const TOP: TopValue = new TopValue(null);

function isLiteral(x: { readonly tag: number }): x is Literal {
  return x.tag <= LAST_SCALAR || x.tag === TAG_TYPE || x.tag === TAG_TOP;
}

/** The shape of a list literal; null if it is made of anything but literals. */
export function listShape(l: ListLit): ListShape | null {
  const rest = l.ellipsis === null ? null : (l.ellipsis.value ?? TOP);
  if (rest !== null && !isLiteral(rest)) return null;
  const items: Literal[] = [];
  for (let i = 0; i < l.elements.length; i++) {
    const e = l.elements[i]!;
    if (!isLiteral(e)) return null;
    items.push(e);
  }
  return new ListShape(items, rest);
}

/** The shape of the list that a vertex is so far, if that is closed and of literals. */
export function ownShape(n: NodeState): ListShape | null {
  const { arcs } = n.vertex;
  if (!n.listIsClosed || arcs.length !== n.listLength) return null;
  const items: Literal[] = [];
  for (let i = 0; i < arcs.length; i++) {
    const { label, conjuncts } = arcs[i]!;
    if (label !== i) return null;
    let item: Literal = TOP;
    for (let k = 0; k < conjuncts.length; k++) {
      const { expr } = conjuncts[k]!;
      const both: Literal | null | 'unsure' = isLiteral(expr) ? fitLiteral(item, expr) : 'unsure';
      if (both === null || both === 'unsure') return null;
      item = both;
    }
    items.push(item);
  }
  return new ListShape(items, null);
}

/** What two literals have in common: one of them, or nothing. */
export function fitLiteral(a: Literal, b: SimpleValue): Literal | null | 'unsure' {
  if (!isLiteral(b)) return 'unsure';
  if (a.tag === TAG_TOP) return b;
  if (b.tag === TAG_TOP) return a;
  const kind = a.kind & b.kind;
  if (kind === 0) return null;
  if (a.tag === TAG_TYPE && b.tag === TAG_TYPE) return kind === a.kind ? a : kind === b.kind ? b : 'unsure';
  if (a.tag === TAG_TYPE) return b;
  return b.tag === TAG_TYPE || isSame(a, b) ? a : null;
}

function isSame(a: Scalar, b: Scalar): boolean {
  switch (a.tag) {
    case TAG_NULL:
      return b.tag === TAG_NULL;
    case TAG_BOOL:
      return b.tag === TAG_BOOL && a.value === b.value;
    case TAG_STRING:
      return b.tag === TAG_STRING && a.value === b.value;
    case TAG_NUM:
      return b.tag === TAG_NUM && compare(a.value, b.value) === 0;
    case TAG_BYTES:
      return b.tag === TAG_BYTES && compareBytes(a.value, b.value) === 0;
    default:
      return a satisfies never;
  }
}

/** Two shapes of which at least one is a list, unified. */
export function unifyShapes(a: Shape, b: Shape): Shape | null | 'unsure' {
  if (!(a instanceof ListShape)) return withSimple(b, a);
  if (!(b instanceof ListShape)) return withSimple(a, b);
  const length = Math.max(a.items.length, b.items.length);
  if (a.rest === null && a.items.length < length) return null;
  if (b.rest === null && b.items.length < length) return null;
  const items: Literal[] = [];
  for (let i = 0; i < length; i++) {
    // Where one has no item it has a rest.
    const both = fitLiteral(a.items[i] ?? a.rest!, b.items[i] ?? b.rest!);
    if (both === null || both === 'unsure') return both;
    items.push(both);
  }
  if (a.rest === null || b.rest === null) return new ListShape(items, null);
  const rest = fitLiteral(a.rest, b.rest);
  return rest === null || rest === 'unsure' ? 'unsure' : new ListShape(items, rest);
}

function withSimple(list: Shape, x: SimpleValue): Shape | null | 'unsure' {
  if ((kindOf(x) & LIST_KIND) === 0) return null;
  return x.tag === TAG_TYPE || x.tag === TAG_TOP ? list : 'unsure';
}

/** The list as a finished disjunct of the vertex. */
export function shapeVertex(ctx: Evaluation, of: Vertex, { items, rest }: ListShape): Vertex {
  ctx.node();
  const v = new Vertex(of.label, of.parent, of.arcType);
  v.isDisjunct = true;
  v.isInline = of.isInline;
  v.closedRecursive = of.closedRecursive;
  v.base = rest === null ? CLOSED_LIST : OPEN_LIST;
  for (let i = 0; i < items.length; i++) {
    ctx.node();
    const arc = new Vertex(i, v, ARC_MEMBER);
    arc.isInline = v.isInline;
    arc.closedRecursive = v.closedRecursive;
    arc.base = items[i]!;
    arc.addConjunct(new Conjunct(null, items[i]!, NO_CLOSE_INFO, null));
    arc.status = FINALIZED;
    v.addArc(arc);
  }
  if (rest !== null) {
    const from = new BoundValue(null, '>=', new NumValue(null, BigInt(items.length)), LENGTH_KIND);
    v.patterns = [{ pattern: from, conjuncts: [new Conjunct(null, rest, NO_CLOSE_INFO, null)] }];
  }
  v.status = FINALIZED;
  return v;
}

const LENGTH_KIND = INT_KIND | 8;
