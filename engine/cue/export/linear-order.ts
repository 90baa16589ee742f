/**
 * The order of fields where it needs no graph: the literals of a vertex stand at different places of one text, none
 * of them an operand of `&`. Their fields then follow one another, literal by literal, each at its first place.
 * The rules are those of order.ts; null means that only the graph can tell.
 */
import type { Decl, DynamicField, Expr, Field, StructLit } from '../compile/ir.ts';
import type { Label } from '../eval/label.ts';
import { TAG_AND, TAG_DYNAMIC_FIELD, TAG_FIELD } from '../eval/tag.ts';
import type { Conjunct, Env, StructInfo, Vertex } from '../eval/value.ts';
import type { Source } from '../syntax/ast.ts';
import { literalOffset, restOf } from './order.ts';

/** As many as a number has bits for. */
const MOST_PARTS = 30;

export function linearOrder(v: Vertex): readonly Vertex[] | null {
  const { structs } = v;
  const [first] = structs;
  if (first === undefined || structs.length > MOST_PARTS) return null;
  const { source } = first.struct.place;
  let isDirect = true;
  for (let i = 0; i < structs.length; i++) {
    const { struct } = structs[i]!;
    if (struct.place.source !== source || struct.place.node.start < 0) return null;
    isDirect &&= struct.hasDirectOrder;
  }
  const parts = new Parts(structs, source);
  if (parts.count > MOST_PARTS) return null;
  for (let i = 0; i < v.arcs.length; i++) {
    const { conjuncts } = v.arcs[i]!;
    for (let k = 0; k < conjuncts.length; k++) if (!parts.move(conjuncts[k]!)) return null;
  }
  if (parts.hasOperands(v, isDirect)) return null;
  return parts.fields(v, isDirect ? null : dynamicLabels(v));
}

/** One literal, or of what a comprehension yields its fields or the rest. */
interface Part {
  readonly struct: StructLit;
  readonly env: Env;
  readonly decls: readonly Decl[];
}

/** The literals of a vertex by number; sets of them are bits. */
class Parts {
  private readonly parts: Part[] = [];
  private readonly source: Source;
  private readonly offsets: number[] = [];
  /** The literals that a declaration or a reference belongs to. */
  private owners: Map<object, number> | null = null;

  constructor(structs: readonly StructInfo[], source: Source) {
    this.source = source;
    for (let i = 0; i < structs.length; i++) {
      const { struct, env } = structs[i]!;
      const rest = restOf(struct);
      const decls = rest === null ? struct.decls : struct.decls.filter((d) => !rest.includes(d));
      this.parts.push({ struct, env, decls });
      this.offsets.push(literalOffset(struct.place.node));
      if (rest === null) continue;
      this.parts.push({ struct, env, decls: rest });
      this.offsets.push(-1);
    }
  }

  /** A literal stands where its field stands that came last, or the first reference that led to it. */
  move(c: Conjunct): boolean {
    const decl = c.field ?? c.expr;
    let owners = this.byScope(c);
    if (owners === 0) owners = this.ownersOf(decl);
    if (owners === 0) return true;
    if ('place' in decl && decl.place !== null) {
      if (decl.place.source !== this.source) return false;
      this.place(owners, decl.place.node.start);
    }
    let { refs } = c.info;
    if (refs === null) return true;
    while (refs.next !== null) refs = refs.next;
    const { ref } = refs;
    owners |= this.ownersOf(ref);
    this.owners?.set(ref, owners);
    if (ref.place.node.start < 0) return true;
    if (ref.place.source !== this.source) return false;
    this.place(owners, ref.place.node.start);
    return true;
  }

  get count(): number {
    return this.parts.length;
  }

  private place(owners: number, offset: number): void {
    for (let i = 0; i < this.offsets.length; i++) if ((owners & (1 << i)) !== 0) this.offsets[i] = offset;
  }

  /** The literal whose scope the conjunct is in, with all of the same text. */
  private byScope(c: Conjunct): number {
    if (c.field === null || c.env === null) return 0;
    for (let i = 0; i < this.parts.length; i++) {
      const { env, struct, decls } = this.parts[i]!;
      if (env === c.env && (decls === struct.decls || decls.includes(c.field))) return this.ofText(decls);
    }
    return 0;
  }

  private ofText(decls: readonly Decl[]): number {
    let owners = 0;
    for (let i = 0; i < this.parts.length; i++) {
      const other = this.parts[i]!.decls;
      if (other === decls || other[0] === decls[0]) owners |= 1 << i;
    }
    return owners;
  }

  private ownersOf(decl: object): number {
    this.owners ??= new Map();
    let owners = this.owners.get(decl);
    if (owners !== undefined) return owners;
    owners = 0;
    for (let i = 0; i < this.parts.length; i++) {
      const { struct } = this.parts[i]!;
      const decls: readonly object[] = this.parts[i]!.decls;
      if (struct === decl || decls.includes(decl)) owners |= 1 << i;
    }
    this.owners.set(decl, owners);
    return owners;
  }

  /** Whether a literal is an operand of `&`; those stand beside one another. */
  hasOperands(v: Vertex, isDirect: boolean): boolean {
    for (const { expr } of v.conjuncts) if (this.isOperand(expr)) return true;
    if (isDirect) return false;
    for (const { decls } of this.parts) {
      for (const decl of decls) if (decl.tag === TAG_AND && this.isOperand(decl)) return true;
    }
    return false;
  }

  private isOperand(expr: Expr): boolean {
    if (expr.tag !== TAG_AND) return false;
    for (const side of [expr.left, expr.right]) {
      if (this.ownersOf(side) !== 0 || this.isOperand(side)) return true;
    }
    return false;
  }

  fields(v: Vertex, dynamic: Map<DynamicField, Label[]> | null): readonly Vertex[] | null {
    const { parts, offsets } = this;
    const isComputed = (i: number): boolean =>
      dynamic !== null && parts[i]!.decls.some((d) => d.tag === TAG_DYNAMIC_FIELD && dynamic.has(d));
    const order: number[] = [];
    for (let i = 0; i < offsets.length; i++) {
      // Embeddings that led nowhere.
      if (offsets[i]! < 0 && !declaresFields(parts[i]!.decls)) continue;
      let at = order.length;
      for (; at > 0; at--) {
        const before = order[at - 1]!;
        const behind = offsets[i]! - offsets[before]!;
        if (behind > 0 || (behind === 0 && (isComputed(i) || !isComputed(before)))) break;
        order[at] = before;
      }
      order[at] = i;
    }
    if (order.length > 1 && !this.isChain(order, isComputed)) return null;
    const out: Vertex[] = [];
    const seen = v.arcs.length > 8 ? new Set<Label>() : null;
    for (let i = 0; i < order.length; i++) {
      const { decls } = parts[order[i]!]!;
      for (let k = 0; k < decls.length; k++) {
        const decl = decls[k]!;
        let label: Label | undefined;
        if (decl.tag === TAG_FIELD) label = decl.label;
        else if (decl.tag === TAG_DYNAMIC_FIELD) label = dynamic?.get(decl)?.shift();
        if (label === undefined) continue;
        const arc = v.lookup(label);
        if (arc === null || (seen === null ? out.includes(arc) : seen.has(label))) continue;
        seen?.add(label);
        out.push(arc);
      }
    }
    return out.length === v.arcs.length ? out : null;
  }

  /**
   * Literals at one place put nothing between each other, nor do neighbouring groups of such; computed labels keep
   * their order. A group does no harm if only one text in it declares fields, and none that stood before.
   */
  private isChain(order: readonly number[], isComputed: (i: number) => boolean): boolean {
    const { offsets } = this;
    let group = -1;
    for (let i = 0; i < order.length; i++) {
      const at = order[i]!;
      if (offsets[at]! < 0) return false;
      const joinsNext = i + 1 < order.length && this.isBeside(at, order[i + 1]!, isComputed);
      const joinsLast = i > 0 && this.isBeside(order[i - 1]!, at, isComputed);
      if (!joinsNext && !joinsLast) {
        group = -1;
        continue;
      }
      if (!declaresFields(this.parts[at]!.decls)) continue;
      if (group >= 0 && !declareAlike(this.parts[group]!.decls, this.parts[at]!.decls)) return false;
      if (group < 0 && this.declaresAgain(order, i)) return false;
      group = at;
    }
    return true;
  }

  private isBeside(a: number, b: number, isComputed: (i: number) => boolean): boolean {
    return this.offsets[a] === this.offsets[b] && !isComputed(b);
  }

  private declaresAgain(order: readonly number[], i: number): boolean {
    for (const field of fieldsOf(this.parts[order[i]!]!.decls)) {
      if (field.tag === TAG_DYNAMIC_FIELD) return true;
      for (let k = 0; k < i; k++) {
        const earlier = fieldsOf(this.parts[order[k]!]!.decls);
        if (earlier.some((f) => f.tag === TAG_DYNAMIC_FIELD || f.label === field.label)) return true;
      }
    }
    return false;
  }
}

function fieldsOf(decls: readonly Decl[]): (Field | DynamicField)[] {
  return decls.filter((d) => d.tag === TAG_FIELD || d.tag === TAG_DYNAMIC_FIELD);
}

/** Whether two literals declare the same fields in the same order. */
function declareAlike(a: readonly Decl[], b: readonly Decl[]): boolean {
  if (a === b) return true;
  const ours = fieldsOf(a);
  const theirs = fieldsOf(b);
  return (
    ours.length === theirs.length &&
    ours.every((f, i) => {
      const g = theirs[i]!;
      return f.tag === TAG_FIELD && g.tag === TAG_FIELD && f.label === g.label;
    })
  );
}

function declaresFields(decls: readonly Decl[]): boolean {
  for (let i = 0; i < decls.length; i++) {
    const { tag } = decls[i]!;
    if (tag === TAG_FIELD || tag === TAG_DYNAMIC_FIELD) return true;
  }
  return false;
}

/** The labels that a computed field came to, in the order of its arcs; each is used up once. */
function dynamicLabels(v: Vertex): Map<DynamicField, Label[]> {
  const labels = new Map<DynamicField, Label[]>();
  for (const arc of v.arcs) {
    for (const { field } of arc.conjuncts) {
      if (field === null || field.tag !== TAG_DYNAMIC_FIELD) continue;
      const known = labels.get(field);
      if (known === undefined) labels.set(field, [arc.label]);
      else known.push(arc.label);
    }
  }
  return labels;
}
