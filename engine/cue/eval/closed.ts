/**
 * The check that fields are allowed. Every reference to a definition (and every result of `close`) that a vertex is
 * unified with is a scope: a field of the vertex needs a conjunct that came through that scope, or a pattern or `...`
 * of it. Definitions check recursively, `close` one level. Embeddings add to the scope of the struct around them;
 * an embedded definition closes that struct for everyone else.
 */
import { Bottom, combineErrors } from '../bottom.ts';
import type { Expr, Place } from '../compile/ir.ts';
import { nearestField } from '../diagnostic.ts';
import type { Evaluation } from './evaluation.ts';
import { isDefinition, isLet, isRegular, labelText } from './label.ts';
import { isLiteral } from './literal.ts';
import { addChildError } from './process.ts';
import type { ConjunctFlags, NodeState, Requirement } from './state.ts';
import { FLAG_ELLIPSIS, FLAG_OPEN_VALIDATOR, FLAG_STRUCT, FLAG_TOP, pushed } from './state.ts';
import { TAG_BOTTOM, TAG_FIELD_REF, TAG_INDEX, TAG_SELECTOR } from './tag.ts';
import type { Conjunct, Vertex } from './value.ts';
import { ARC_PENDING, ARC_REQUIRED, CloseInfo, FINALIZED, Scope } from './value.ts';

/** Whether a reference names a definition somewhere on its way: `#A`, `a.#B`, `#A.b`. */
export function refersToDefinition(expr: Expr): boolean {
  switch (expr.tag) {
    case TAG_FIELD_REF:
      return isDefinition(expr.label);
    case TAG_SELECTOR:
      return isDefinition(expr.label) || refersToDefinition(expr.operand);
    case TAG_INDEX:
      return refersToDefinition(expr.operand);
    default:
      return false;
  }
}

/** What is searched one by one costs steps beyond so many. */
const MANY = 64;

/** So many scopes one inside the other are gone through without keeping account. */
const NEAR = 16;

/** Whether `inner` is `outer` or inside it. */
export function isWithin(inner: Scope | null, outer: Scope): boolean {
  let scope = inner;
  for (let i = 0; scope !== null && i < NEAR; i++) {
    if (scope === outer) return true;
    const { parents } = scope;
    if (parents.length > 1) break;
    scope = parents.length === 0 ? null : parents[0]!;
  }
  return scope !== null && (scope === outer || reaches(scope, outer));
}

/** The search through scopes that lie inside of several others, or in a circle. Costs steps: it may be a long one. */
function reaches(inner: Scope, outer: Scope): boolean {
  const { ctx } = inner;
  const search = ++ctx.searches;
  const open = [inner];
  inner.search = search;
  let visited = 0;
  let found = false;
  for (let scope = open.pop(); scope !== undefined && !found; scope = open.pop()) {
    visited++;
    for (let i = 0; i < scope.parents.length; i++) {
      const parent = scope.parents[i]!;
      if (parent === outer) found = true;
      if (parent.search === search) continue;
      parent.search = search;
      open.push(parent);
    }
  }
  ctx.visit(visited);
  return found;
}

function contain(inner: Scope, outer: Scope | null): void {
  if (outer === null || inner === outer) return;
  if (inner.parents.length > MANY) inner.ctx.visit(inner.parents.length);
  if (inner.parents.includes(outer)) return;
  inner.parents.push(outer);
}

/** The scope of a reference from `n` to `target`. `isOpen`: no definition; then nothing is required of the fields. */
export function enterReference(
  ctx: Evaluation,
  n: NodeState,
  target: Vertex,
  info: CloseInfo,
  isOpen: boolean,
): CloseInfo {
  if (!isOpen) ctx.hasRequirements = true;
  if (((info.fromDef && info.fromEmbed) || target.closedOnce) && !isOpen) closeOuter(n, target, info.outer);
  let ignore = true;
  if (!isOpen) {
    ignore =
      info.embedding !== null || info.outer === null ? !(info.fromDef || target.closedOnce) : info.fromEmbed;
  }
  let known: Scope | null = null;
  // All that the vertex is in is searched for each one more.
  if (n.requirements.length > MANY) ctx.work(n.requirements.length >> 4);
  for (let i = 0; i < n.requirements.length && known === null; i++) {
    if (n.requirements[i]!.scope.target === target) known = n.requirements[i]!.scope;
  }
  let scope = known;
  if (scope === null || info.embedding !== null) {
    const fresh = new Scope(ctx, 'reference', info, target);
    if (known !== null) contain(known, fresh);
    n.requirements = pushed(n.requirements, { scope: fresh, ignore, isRecursive: target.closedRecursive });
    scope = fresh;
  }
  contain(scope, info.scope);
  return new CloseInfo(
    scope,
    info.outer,
    info.embedding,
    info.fromDef,
    info.fromEmbed,
    info.cycle,
    info.refs,
  );
}

function closeOuter(n: NodeState, target: Vertex, outer: Scope | null): void {
  let scope = outer;
  for (let i = n.requirements.length - 1; i >= 0 && scope !== null; i--) {
    const r = n.requirements[i]!;
    if (r.scope !== scope) continue;
    r.ignore = false;
    if (target.closedRecursive) r.isRecursive = true;
    scope = r.scope.outer;
  }
}

function enterGroup(
  ctx: Evaluation,
  n: NodeState,
  info: CloseInfo,
  kind: 'embedding' | 'struct',
  isKnown = true,
): CloseInfo {
  const scope = new Scope(ctx, kind, info, null);
  if (isKnown) n.requirements = pushed(n.requirements, { scope, ignore: true, isRecursive: info.fromDef });
  return new CloseInfo(
    scope,
    kind === 'struct' ? scope : info.outer,
    kind === 'embedding' ? scope : info.embedding,
    info.fromDef,
    kind === 'embedding',
    info.cycle,
    info.refs,
  );
}

/** For a value embedded in a struct. */
export function enterEmbedding(ctx: Evaluation, n: NodeState, info: CloseInfo): CloseInfo {
  return enterGroup(ctx, n, info, 'embedding');
}

/** For a comprehension. One of nothing but fields puts nothing into the struct itself; a definition forgets it then. */
export function enterComprehension(
  ctx: Evaluation,
  n: NodeState,
  info: CloseInfo,
  isFixed: boolean,
): CloseInfo {
  return enterGroup(ctx, n, info, 'embedding', !isFixed || isRegular(n.vertex.label));
}

/** For a struct literal with embeddings. */
export function enterStruct(ctx: Evaluation, n: NodeState, info: CloseInfo, isFile: boolean): CloseInfo {
  if (isFile || info.outer !== null || info.fromEmbed) return info;
  return enterGroup(ctx, n, info, 'struct');
}

export function noteFlags(n: NodeState, info: CloseInfo, flags: number): void {
  n.flags = pushed(n.flags, { scope: info.scope, flags });
}

/** A requirement as it holds for one vertex. */
export interface Required {
  readonly scope: Scope;
  once: boolean;
  ignored: boolean;
  /** Nothing is asked for any more below an ellipsis. */
  removed: boolean;
}

export interface RequiredList {
  readonly all: readonly Required[];
  /** Nothing is asked of the fields here; entries may still be called for further down. */
  readonly isIdle: boolean;
}

const NOTHING: RequiredList = { all: [], isIdle: true };

/** What is required of the fields of a vertex: by its own references, and by recursive ones from above. */
function requirementsOf(v: Vertex): RequiredList {
  const n = v.state;
  if (n !== null && n.required !== null && n.required.count === n.requirements.length) return n.required.list;
  const above = v.parent !== null && !v.isInline ? requirementsOf(v.parent.derefDisjunct()) : NOTHING;
  if (n === null) return above.isIdle ? above : inherit(v, above);
  const list = requiredHere(v, n, above);
  n.required = { count: n.requirements.length, list };
  return list;
}

/** Whether nothing is asked of the fields of a vertex that no reference led to, nor of those below. */
export function isUnrestricted(v: Vertex): boolean {
  return requirementsOf(v).isIdle;
}

function inherit(v: Vertex, above: RequiredList): RequiredList {
  const { all } = above;
  const isSame = isRegular(v.label) || all.every((r) => hasEvidence(v, r.scope));
  for (let i = 0; isSame && i < all.length; i++) {
    const r = all[i]!;
    if ((r.once && !r.ignored) || fateBelow(v, r, false) !== 'kept') break;
    // Mostly nothing changes on the way down.
    if (i === all.length - 1) return above;
  }
  let list: Required[] = all.map((r) => ({ ...r, ignored: r.ignored || r.once }));
  if (!isSame) list = list.filter((r) => hasEvidence(v, r.scope));
  return listOf(list.filter((r) => keepBelow(v, r, false)));
}

function listOf(all: readonly Required[]): RequiredList {
  if (all.length === 0) return NOTHING;
  return { all, isIdle: all.every((r) => r.ignored || r.removed) };
}

function requiredHere(v: Vertex, n: NodeState, above: RequiredList): RequiredList {
  let hasOwn = false;
  let isIdle = above.isIdle;
  for (let i = 0; i < n.requirements.length; i++) {
    const r = n.requirements[i]!;
    if (!r.ignore) isIdle = false;
    if (!r.ignore || r.scope.kind !== 'reference') hasOwn = true;
  }
  if (!hasOwn) return isIdle ? above : inherit(v, above);
  if (!isIdle) return requiredNow(v, n, above);
  return new IdleList(v, n, above);
}

/** Mostly nobody below asks for what is not required here. */
class IdleList implements RequiredList {
  readonly isIdle = true;
  private readonly vertex: Vertex;
  private readonly state: NodeState;
  private readonly above: RequiredList;
  private known: readonly Required[] | null = null;
  constructor(vertex: Vertex, state: NodeState, above: RequiredList) {
    this.vertex = vertex;
    this.state = state;
    this.above = above;
  }
  get all(): readonly Required[] {
    this.known ??= requiredNow(this.vertex, this.state, this.above).all;
    return this.known;
  }
}

function requiredNow(v: Vertex, n: NodeState, above: RequiredList): RequiredList {
  const list: Required[] = above.all.map((r) => ({ ...r, ignored: r.ignored || r.once }));
  const inherited = list.length;
  for (const own of n.requirements) {
    if (own.ignore && own.scope.kind === 'reference') continue;
    if (list.some((r) => r.scope === own.scope)) continue;
    list.push({ scope: own.scope, once: isOnce(own), ignored: own.ignore, removed: false });
    if (!own.ignore) callForOuter(own, list, inherited);
  }
  const own = list.splice(inherited);
  const kept = isRegular(v.label) ? list : list.filter((r) => hasEvidence(v, r.scope));
  return listOf([...kept.filter((r) => keepBelow(v, r, false)), ...own.filter((r) => keepBelow(v, r, true))]);
}

function isOnce(own: Requirement): boolean {
  if (own.scope.kind === 'embedding') return false;
  if (!own.ignore && !own.isRecursive) return true;
  return own.scope.target?.closedOnce ?? false;
}

/** The structs around an embedded definition are closed with it. */
function callForOuter(own: Requirement, list: readonly Required[], inherited: number): void {
  let outer = own.scope.outer;
  for (let i = inherited - 1; i >= 0 && outer !== null; i--) {
    const r = list[i]!;
    if (r.scope !== outer) continue;
    r.once = r.ignored ? !own.isRecursive : r.once && !own.isRecursive;
    r.ignored = false;
    outer = r.scope.outer;
  }
}

function hasEvidence(v: Vertex, scope: Scope): boolean {
  for (let i = 0; i < v.conjuncts.length; i++) {
    if (isWithin(v.conjuncts[i]!.info.scope, scope)) return true;
  }
  return false;
}

const NO_FLAGS: readonly ConjunctFlags[] = Object.freeze([]);

function keepBelow(v: Vertex, r: Required, isOwn: boolean): boolean {
  const fate = fateBelow(v, r, isOwn);
  if (fate === 'removed') r.removed = true;
  return fate !== 'dropped';
}

/** A requirement is dropped where `_` stands in for the value, and removed where an ellipsis above has lifted it. */
function fateBelow(v: Vertex, r: Required, isOwn: boolean): 'kept' | 'removed' | 'dropped' {
  const noted = v.state?.flags ?? NO_FLAGS;
  let flags = 0;
  for (let i = 0; i < noted.length; i++) flags |= noted[i]!.flags;
  if ((flags & (FLAG_TOP | FLAG_OPEN_VALIDATOR)) !== 0) {
    flags = 0;
    for (let i = 0; i < noted.length; i++) if (isWithin(noted[i]!.scope, r.scope)) flags |= noted[i]!.flags;
    if ((flags & FLAG_TOP) !== 0 && (flags & FLAG_STRUCT) === 0) return 'dropped';
    if ((flags & FLAG_OPEN_VALIDATOR) !== 0) return 'dropped';
  }
  const any = isOwn || hasEvidence(v, r.scope);
  if (any && r.scope.kind !== 'struct') return 'kept';
  if (v.parent === null) return 'kept';
  const open = ellipsisWithin(v.parent.derefDisjunct().state?.flags ?? NO_FLAGS, r.scope);
  if (open === null) return 'kept';
  if (!any) return 'removed';
  return open.scope !== null && !hasEvidence(v, open.scope) ? 'removed' : 'kept';
}

function ellipsisWithin(flags: readonly ConjunctFlags[], scope: Scope): ConjunctFlags | null {
  for (let i = 0; i < flags.length; i++) {
    const f = flags[i]!;
    if ((f.flags & FLAG_ELLIPSIS) !== 0 && isWithin(f.scope, scope)) return f;
  }
  return null;
}

/** Endless structures pile up requirements, each of which has to be looked for in all scopes around. */
function chargeCheck(ctx: Evaluation, v: Vertex, list: RequiredList): void {
  const { all } = list;
  const last = all[all.length - 1];
  if (last === undefined || all.length < 8) return;
  const above = v.parent?.derefDisjunct().state?.flags.length ?? 0;
  const evidence = v.conjuncts.length + (v.state?.flags.length ?? 0) + above + v.arcs.length;
  ctx.work((all.length * evidence * (last.scope.depth + 8)) >> 3);
}

/** Whether a vertex that one literal defines is in every scope required of it: then so is all that is in it. */
export function isLiteralAllowed(v: Vertex, { info: { scope } }: Conjunct): boolean {
  let p = v.parent;
  while (p !== null && isLiteral(p)) p = p.parent;
  if (p === null || v.isInline) return true;
  const list = requirementsOf(p.derefDisjunct());
  return list.isIdle || list.all.every((r) => isWithin(scope, r.scope));
}

/** Gives the fields of a finished vertex that no scope allows the error `field not allowed`. */
export function checkFields(ctx: Evaluation, v: Vertex): void {
  if (!ctx.hasRequirements || v.arcs.length === 0) return;
  if (v.base !== null && v.base.tag === TAG_BOTTOM && !v.base.closeCheck) return;
  if (v.literal !== null && isLiteralAllowed(v, v.literal)) return;
  const list = requirementsOf(v);
  if (list.isIdle) return;
  chargeCheck(ctx, v, list);
  const base = list.all;
  const flags = v.state?.flags ?? NO_FLAGS;
  const required = base.filter((r) => !r.ignored && !r.removed && ellipsisWithin(flags, r.scope) === null);
  if (required.length === 0) return;
  let error: Bottom | null = null;
  for (let i = 0; i < v.arcs.length; i++) {
    const arc = v.arcs[i]!;
    if (!isRegular(arc.label) || isLet(arc.label) || arc.arcType === ARC_PENDING) continue;
    const { base: value } = arc.derefDisjunct();
    if (value instanceof Bottom && !value.closeCheck) continue;
    let allowed = true;
    for (let k = 0; k < required.length && allowed; k++) allowed = isAllowed(base, flags, required[k]!, arc);
    if (allowed) continue;
    const refused = refuse(arc, ctx.demand === null ? null : placeOf(ctx.demand));
    if (arc.arcType <= ARC_REQUIRED) error = combineErrors(error, refused);
  }
  if (error !== null) addChildError(v, error);
}

function isAllowed(
  all: readonly Required[],
  flags: readonly ConjunctFlags[],
  r: Required,
  arc: Vertex,
): boolean {
  if (hasEvidence(arc, r.scope)) return true;
  const embedding = r.scope.embedding;
  if (embedding === null || !all.some((x) => x.scope === embedding)) return false;
  const outer = r.scope.kind === 'reference' ? r.scope.outer : (r.scope.parents[0] ?? null);
  const outerKnown = outer !== null && all.some((x) => x.scope === outer);
  if (outerKnown && outer !== null) {
    if (all.some((x) => x.scope === outer && x.removed) || ellipsisWithin(flags, outer) !== null) return true;
  }
  for (const c of arc.conjuncts) {
    if (isWithin(c.info.embedding, embedding)) continue;
    if (!outerKnown || outer === null) return true;
    if (isWithin(c.info.scope, outer)) return true;
  }
  return false;
}

function refuse(arc: Vertex, demand: Place | null): Bottom {
  const places = [];
  for (const c of arc.conjuncts) {
    const place = (c.field?.place ?? c.expr.tag === TAG_BOTTOM) ? null : placeOf(c.expr);
    const at = c.field?.place ?? place;
    if (at !== null && at !== undefined) places.push(at);
  }
  const nearest = () => (arc.parent === null ? null : nearestField(arc.parent, labelText(arc.label)));
  const issue = { node: arc, format: 'field not allowed', args: [], place: demand, others: places, nearest };
  const error = new Bottom('eval', [issue], arc, false, true);
  arc.base = error;
  arc.isShared = false;
  // An optional field is not looked at any more.
  arc.status = FINALIZED;
  return error;
}

function placeOf(expr: Expr) {
  return 'place' in expr ? expr.place : null;
}

export { FLAG_ELLIPSIS, FLAG_OPEN_VALIDATOR, FLAG_STRUCT, FLAG_TOP };
