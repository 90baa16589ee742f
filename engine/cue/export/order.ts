/**
 * The order of a struct's fields as CUE v0.14.1 gives it (internal/core/toposort).
 *
 * The struct literals that make up a vertex are sorted by where they were written, or by where the reference that
 * led to them stands; each puts its fields one behind the other, and behind those of the literals before it.
 * Literals at one place, and the operands of `&`, put nothing between each other. What is then undecided goes by
 * name, and so does everything that contradicts itself.
 */
import type { Decl, DynamicField, Place, StructLit } from '../compile/ir.ts';
import { BudgetSpent } from '../eval/evaluation.ts';
import type { Label } from '../eval/label.ts';
import { TAG_AND, TAG_DYNAMIC_FIELD, TAG_FIELD, TAG_LET_FIELD } from '../eval/tag.ts';
import type { Conjunct, StructInfo, Vertex } from '../eval/value.ts';
import { compareText } from '../std/utf8.ts';
import type { NodeBase, Source } from '../syntax/ast.ts';
import { Front, LabelGraph } from './label-graph.ts';

/** One struct literal of the vertex. */
interface Part {
  readonly decls: readonly Decl[];
  readonly hasDynamic: boolean;
  source: Source;
  offset: number;
  /** An operand of `&`: its fields need not stand before or behind those of the other operand. */
  isOperand: boolean;
}

/** Parts that stand at one place, or are operands of one `&`. */
type Batch = Part[];

/** The labels that a computed field came to, the last of its arcs first; each is used up once, from the end. */
type DynamicLabels = Map<DynamicField, Label[]>;

/** The arcs of an evaluated struct in the order in which they are shown. Lists keep theirs. */
export function orderArcs(vertex: Vertex): readonly Vertex[] {
  const { arcs } = vertex;
  if (arcs.length <= 1 || typeof arcs[0]?.label === 'number') return arcs;
  const simple = simpleOrder(vertex);
  if (simple !== null) return simple;
  const ordered: Vertex[] = [];
  for (const label of orderLabels(vertex)) {
    const arc = vertex.lookup(label);
    if (arc !== null) ordered.push(arc);
  }
  return ordered;
}

/** The order for a vertex that one literal wrote alone; null if it is not that simple. */
function simpleOrder(vertex: Vertex): readonly Vertex[] | null {
  const [only] = vertex.structs;
  if (only === undefined || vertex.structs.length > 1) return null;
  const ordered: Vertex[] = [];
  const seen = new Set<Label>();
  for (const decl of only.struct.decls) {
    if (decl.tag === TAG_DYNAMIC_FIELD) return null;
    if (decl.tag !== TAG_FIELD || seen.has(decl.label)) continue;
    seen.add(decl.label);
    const arc = vertex.lookup(decl.label);
    if (arc !== null) ordered.push(arc);
  }
  return ordered.length === vertex.arcs.length ? ordered : null;
}

function orderLabels(vertex: Vertex): readonly Label[] {
  const graph = new LabelGraph();
  const dynamic = dynamicLabels(vertex);
  const parts = findParts(vertex, graph, dynamic);
  const owners = new Map<Label, Part>();
  let previous = new Front([]);
  let before: Part | null = null;
  for (const batch of groupParts(parts)) {
    const first = batch[0] as Part; // a batch is never empty
    const isOperand = batch.length > 1 || first.isOperand;
    if (before !== null && before.source.name !== first.source.name) previous = new Front([]);
    const next = new Set<Label>();
    let passesOn = false;
    for (const part of batch) {
      part.isOperand = isOperand;
      const last = addPart(part, previous, { graph, dynamic, owners });
      if (last === previous && passesOn) continue;
      passesOn ||= last === previous;
      for (const label of last.labels) next.add(label);
    }
    previous = new Front([...next]);
    before = first;
  }
  return graph.sorted();
}

function dynamicLabels(vertex: Vertex): DynamicLabels {
  const labels: DynamicLabels = new Map();
  for (const arc of vertex.arcs) {
    for (const { field } of arc.conjuncts) {
      if (field === null || field.tag !== TAG_DYNAMIC_FIELD) continue;
      const known = labels.get(field);
      if (known === undefined) labels.set(field, [arc.label]);
      else known.push(arc.label);
    }
  }
  for (const found of labels.values()) found.reverse();
  return labels;
}

/** Where a literal stands; a file stands where its first declaration does. */
export function literalOffset(node: NodeBase): number {
  if (!('type' in node) || node.type !== 'file' || !('decls' in node) || !('preamble' in node))
    return node.start;
  const decls = [...(node.preamble as readonly NodeBase[]), ...(node.decls as readonly NodeBase[])]; // it is a File
  return decls[0]?.start ?? node.start;
}

function findParts(vertex: Vertex, graph: LabelGraph, dynamic: DynamicLabels): Part[] {
  const byNode = new Map<object, Set<Part>>();
  const parts: Part[] = [];
  for (const info of vertex.structs) {
    for (const part of partsOf(info, dynamic)) {
      parts.push(part);
      record(byNode, info.struct, [part]);
      for (const decl of part.decls) record(byNode, decl, [part]);
    }
  }
  const moves = new Moves(byNode);
  for (const arc of vertex.arcs) {
    graph.ensure(arc.label);
    for (const conjunct of arc.conjuncts) moves.toReference(conjunct);
  }
  markOperands(vertex, byNode);
  return parts;
}

/** A literal is one part; of what a comprehension yields the fields are one and the rest, without a place, another. */
function partsOf({ struct }: StructInfo, dynamic: DynamicLabels): Part[] {
  const { place, decls } = struct;
  const partOf = (some: readonly Decl[], offset: number): Part => {
    const hasDynamic =
      dynamic.size > 0 && some.some((decl) => decl.tag === TAG_DYNAMIC_FIELD && dynamic.has(decl));
    return { decls: some, hasDynamic, source: place.source, offset, isOperand: false };
  };
  const offset = literalOffset(place.node);
  const rest = restOf(struct);
  if (rest === null) return [partOf(decls, offset)];
  return [partOf(decls.filter(isFixed), offset), partOf(rest, -1)];
}

function isFixed(decl: Decl): boolean {
  return decl.tag === TAG_FIELD || decl.tag === TAG_LET_FIELD;
}

/** What stands apart from the fields of a literal that a comprehension yields; null if nothing does. */
export function restOf(struct: StructLit): readonly Decl[] | null {
  if (!struct.isYielded || struct.decls.every(isFixed) || !struct.decls.some(isFixed)) return null;
  return struct.decls.filter((decl) => !isFixed(decl));
}

function record(byNode: Map<object, Set<Part>>, node: object, parts: Iterable<Part>): void {
  const known = byNode.get(node);
  if (known === undefined) byNode.set(node, new Set(parts));
  else for (const part of parts) known.add(part);
}

/** How many parts may be moved in all: where thousands of literals share one declaration, each field moves them all. */
const MOST_MOVES = 5_000_000;

class Moves {
  readonly #byNode: Map<object, Set<Part>>;
  #last: { readonly decl: object; readonly ref: object | null } | null = null;
  #count = 0;
  constructor(byNode: Map<object, Set<Part>>) {
    this.#byNode = byNode;
  }

  /** A part whose field was reached through references stands where the first of these does. */
  toReference(conjunct: Conjunct): void {
    const decl = conjunct.field ?? conjunct.expr;
    const parts = this.#byNode.get(decl);
    if (parts === undefined) return;
    let refs = conjunct.info.refs;
    while (refs !== null && refs.next !== null) refs = refs.next;
    const ref = refs === null ? null : refs.ref;
    // Fields of one declaration follow one another, and the second time nothing moves.
    if (this.#last !== null && this.#last.decl === decl && this.#last.ref === ref) return;
    this.#last = { decl, ref };
    if ('place' in decl && decl.place !== null) this.#move(parts, decl.place);
    if (ref === null) return;
    record(this.#byNode, ref, parts);
    if (ref.place.node.start >= 0) this.#move(this.#byNode.get(ref)!, ref.place);
  }

  #move(parts: ReadonlySet<Part>, { source, node }: Place): void {
    this.#count += parts.size;
    if (this.#count > MOST_MOVES) throw new BudgetSpent('steps');
    for (const part of parts) {
      part.source = source;
      part.offset = node.start;
    }
  }
}

function markOperands(vertex: Vertex, byNode: Map<object, Set<Part>>): void {
  const open: Decl[] = vertex.conjuncts.map((conjunct) => conjunct.expr);
  for (const { struct } of vertex.structs) open.push(...struct.decls);
  for (let expr = open.pop(); expr !== undefined; expr = open.pop()) {
    if (expr.tag !== TAG_AND) continue;
    for (const operand of [expr.left, expr.right]) {
      for (const part of byNode.get(operand) ?? []) part.isOperand = true;
      open.push(operand);
    }
  }
}

function comparePlaces(a: Part, b: Part): number {
  if (a.offset < 0 || b.offset < 0) return a.offset === b.offset ? 0 : a.offset < 0 ? 1 : -1;
  return a.source === b.source
    ? a.offset - b.offset
    : compareText(a.source.name, b.source.name) || a.offset - b.offset;
}

function isSamePlace(a: Part, b: Part): boolean {
  return a.source === b.source && a.offset === b.offset;
}

function groupParts(parts: Part[]): Batch[] {
  parts.sort((a, b) => comparePlaces(a, b) || Number(a.hasDynamic) - Number(b.hasDynamic));
  const batches: Batch[] = [];
  let batch: Batch = [];
  for (const part of parts) {
    const first = batch[0];
    if (first !== undefined && (!isSamePlace(first, part) || part.hasDynamic)) {
      addBatch(batches, batch);
      batch = [];
    }
    batch.push(part);
  }
  addBatch(batches, batch);
  return batches;
}

/** Neighbouring batches of operands in one file are one. */
function addBatch(batches: Batch[], batch: Batch): void {
  const [first] = batch;
  if (first === undefined) return;
  const last = batches[batches.length - 1];
  const lastFirst = last?.[0];
  const joins =
    last !== undefined &&
    lastFirst !== undefined &&
    (batch.length > 1 || first.isOperand) &&
    (last.length > 1 || lastFirst.isOperand) &&
    first.source.name === lastFirst.source.name;
  if (joins) last.push(...batch);
  else batches.push(batch);
}

interface Ordering {
  readonly graph: LabelGraph;
  readonly dynamic: DynamicLabels;
  /** The part that declared a label last. */
  readonly owners: Map<Label, Part>;
}

/** Adds a part's fields one behind the other, the first behind `previous`. Gives the last. */
function addPart(part: Part, previous: Front, ordering: Ordering): Front {
  const { graph, dynamic, owners } = ordering;
  let front = previous;
  for (const decl of part.decls) {
    let label: Label | undefined;
    if (decl.tag === TAG_FIELD) label = decl.label;
    else if (decl.tag === TAG_DYNAMIC_FIELD) label = dynamic.get(decl)?.pop();
    if (label === undefined) continue;
    const owner = owners.get(label);
    if (owner === part) continue;
    // A field that is declared again in the same file keeps its first place.
    const isKnown = owner !== undefined && owner.source.name === part.source.name;
    if (isKnown && !part.isOperand && part.offset >= 0) continue;
    owners.set(label, part);
    graph.order(front, label);
    front = new Front([label]);
  }
  return front;
}
