/**
 * The value API: an immutable handle on a place in an evaluated program, shaped like Go's `cue.Value`. Partial values
 * are values: what is incomplete can be looked at, filled, and exported once it is complete.
 */
import { Bottom } from './bottom.ts';
import type { Expr, Place } from './compile/ir.ts';
import { Ellipsis, Field, ListLit, StructLit } from './compile/ir.ts';
import type { Diagnostic, Position } from './diagnostic.ts';
import { diagnosticsOf, nearestField, pathOf, positionOf } from './diagnostic.ts';
import { DataLiterals, toData } from './eval/data.ts';
import { defaultOf } from './eval/default.ts';
import { equal } from './eval/equal.ts';
import type { Evaluation } from './eval/evaluation.ts';
import { BudgetSpent } from './eval/evaluation.ts';
import { isConcrete, listElements } from './eval/expr.ts';
import { orderedArcs } from './eval/fields.ts';
import type { Kind } from './eval/kind.ts';
import { kindName, STRUCT_KIND } from './eval/kind.ts';
import type { Label } from './eval/label.ts';
import {
  identifierLabel,
  isDefinition,
  isHidden,
  isLet,
  isRegular,
  labelName,
  labelText,
  regularLabel,
} from './eval/label.ts';
import { finalize } from './eval/process.ts';
import { accepts } from './eval/resolve.ts';
import {
  LAST_SCALAR,
  TAG_BOTTOM,
  TAG_DISJUNCTION,
  TAG_LIST_MARKER,
  TAG_STRUCT_MARKER,
  TAG_VERTEX,
} from './eval/tag.ts';
import type { ValidateOptions } from './eval/validate.ts';
import { validate } from './eval/validate.ts';
import type { Scalar } from './eval/value.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  ARC_REQUIRED,
  Conjunct,
  kindOf,
  NO_CLOSE_INFO,
  TopValue,
  Vertex,
} from './eval/value.ts';
import { toJson } from './export/json.ts';
import type { Data } from './std/builtin.ts';
import type { Attribute, CommentGroup } from './syntax/ast.ts';

/** One step of a path. A name means a regular field; `#D` and `_h` as text name definitions and hidden fields. */
export type PathStep = string | number;

export interface FieldOptions {
  readonly optional?: boolean;
  readonly hidden?: boolean;
  readonly definitions?: boolean;
}

export interface FieldEntry {
  /** As a path spells it. */
  readonly label: string;
  /** The plain name: unquoted, `#D` or `_h` for the other kinds. */
  readonly name: string;
  readonly kind: 'regular' | 'definition' | 'hidden';
  readonly constraint: 'member' | 'required' | 'optional';
  readonly value: Value;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CueError };

/** An error of a value: its code decides, the diagnostics explain. */
export class CueError {
  readonly code: Bottom['code'];
  readonly bottom: Bottom;
  /** The value that was asked: where issues belong that name no place of their own. */
  private readonly at: Vertex | null;
  constructor(bottom: Bottom, at: Vertex | null = null) {
    this.code = bottom.code;
    this.bottom = bottom;
    this.at = at;
  }
  /** One entry for each thing that is wrong, the first being what to show. */
  get diagnostics(): readonly Diagnostic[] {
    return diagnosticsOf(this.bottom, this.at);
  }
  get message(): string {
    const [first] = this.diagnostics;
    if (first === undefined) return this.code;
    return first.pathText === '' ? first.message : `${first.pathText}: ${first.message}`;
  }
}

/** What a spent budget looks like from outside. */
export function budgetBottom(resource: string): Bottom {
  const issue = { node: null, format: 'out of budget: %v', args: [resource], place: null, others: [] };
  return new Bottom('budget', [issue], null);
}

/**
 * Runs part of an evaluation. A spent budget, and a stack that the depth budget was too generous for, become a value:
 * the evaluation is over then and every further question gets the same answer.
 */
export function guarded<T>(ctx: Evaluation, run: () => T, spent: (error: Bottom) => T): T {
  if (ctx.spent !== null) return spent(ctx.spent);
  try {
    return run();
  } catch (error) {
    if (error instanceof BudgetSpent) ctx.spent = budgetBottom(error.resource);
    else if (error instanceof RangeError && /call stack/i.test(error.message))
      ctx.spent = budgetBottom('depth');
    else throw error;
    return spent(ctx.spent);
  }
}

class Entry implements FieldEntry {
  readonly name: string;
  readonly kind: FieldEntry['kind'];
  readonly constraint: FieldEntry['constraint'];
  readonly value: Value;
  readonly #label: Label;
  constructor(label: Label, kind: FieldEntry['kind'], constraint: FieldEntry['constraint'], value: Value) {
    this.#label = label;
    this.name = labelName(label);
    this.kind = kind;
    this.constraint = constraint;
    this.value = value;
  }
  get label(): string {
    return labelText(this.#label);
  }
}

export class Value {
  /** For the other parts of the engine; not part of the API. */
  readonly ctx: Evaluation;
  readonly vertex: Vertex;
  /** Set for a value that does not exist. */
  private readonly missing: Bottom | null;

  constructor(ctx: Evaluation, vertex: Vertex, missing: Bottom | null = null) {
    this.ctx = ctx;
    this.vertex = vertex;
    this.missing = missing;
  }

  private run<T>(body: (v: Vertex) => T, failed: (error: Bottom) => T): T {
    if (this.missing !== null) return failed(this.missing);
    return guarded(
      this.ctx,
      () => {
        settle(this.ctx, this.vertex);
        return body(this.vertex.deref());
      },
      failed,
    );
  }

  /** Goes down a path: names, list indices, or one text such as `a.b."x-y".0` or `#D.c`. */
  lookup(path: string | readonly PathStep[]): Value {
    const steps = typeof path === 'string' ? parsePath(path) : path.map(stepOf);
    let v: Value = this;
    for (const step of steps) v = v.arc(step);
    return v;
  }

  private arc(step: Step): Value {
    return this.run(
      (v) => {
        const arc = v.lookup(step.label);
        if (arc !== null && arc.arcType < 3 && (arc.arcType === ARC_MEMBER || step.optional)) {
          return new Value(this.ctx, arc);
        }
        const code = accepts(this.ctx, v, step.label) ? 'incomplete' : 'eval';
        // Most absent fields are only asked about, so the search for what was meant waits for a reader.
        const hint = () => {
          const near = nearestField(v, labelText(step.label));
          return near === null ? '' : ` (did you mean ${near}?)`;
        };
        const issue = {
          node: this.vertex,
          format: 'field not found: %v%v',
          args: [() => labelText(step.label), hint],
          place: null,
          others: [],
        };
        return new Value(this.ctx, this.vertex, new Bottom(code, [issue], this.vertex));
      },
      (error) => new Value(this.ctx, this.vertex, error),
    );
  }

  /** False if the path led nowhere. */
  exists(): boolean {
    return this.missing === null;
  }

  /** The kinds of a concrete value: one bit; 0 for anything not concrete. */
  kindBits(): Kind {
    return this.run(
      (v) => (isConcrete(v) && v.bottom === null ? kindOf(v) : 0),
      () => 0,
    );
  }
  /** `struct`, `list`, `int`, …; `_|_` for anything that is not concrete. */
  kind(): string {
    return kindName(this.kindBits());
  }
  /** All kinds the value may still be. */
  incompleteKindBits(): Kind {
    return this.run(
      (v) => kindOf(v),
      () => 0,
    );
  }
  incompleteKind(): string {
    return kindName(this.incompleteKindBits());
  }

  /** A scalar, struct or list (whose parts need not be), or an error that is final. */
  isConcrete(): boolean {
    return this.run(
      (v) => {
        const b = v.bottom;
        return b !== null ? b.code !== 'incomplete' && b.code !== 'cycle' : isConcrete(v);
      },
      (error) => error.code !== 'incomplete' && error.code !== 'cycle',
    );
  }

  /**
   * The error of this very value or of its fields; an incomplete error of a field does not count. As in Go's API, a
   * lone reference has no error of its own where what it refers to has one: `validate` tells that.
   */
  error(): CueError | null {
    return this.run(
      (v) => {
        const { base } = this.vertex;
        const isReference = base !== null && base.tag === TAG_VERTEX && !base.isDisjunct;
        const b = isReference ? null : v.bottom;
        return b === null ? null : new CueError(b, this.vertex);
      },
      (error) => new CueError(error),
    );
  }

  /** The errors in the value and below it. Without `concrete` and `final`, what is incomplete passes. */
  validate(options: ValidateOptions = {}): CueError | null {
    return this.run(
      () => {
        const b = validate(this.ctx, this.vertex, options);
        return b === null ? null : new CueError(b, this.vertex);
      },
      (error) => new CueError(error),
    );
  }

  /** The default, or null where the value has none of its own. */
  default(): Value | null {
    return this.run(
      (v) => {
        const d = defaultOf(v);
        return d === v || d.tag !== TAG_VERTEX ? null : new Value(this.ctx, d);
      },
      () => null,
    );
  }

  /** The fields in CUE's order: regular ones, and others as asked. Null for what is no struct. */
  fields(options: FieldOptions = {}): readonly FieldEntry[] | null {
    return this.run(
      (v) => {
        const d = defaultOf(v);
        const w = d.tag === TAG_VERTEX ? d.deref() : v;
        if (w.base !== null && w.base.tag === TAG_DISJUNCTION) return kindOf(w) === STRUCT_KIND ? [] : null;
        if (!isStructLike(w)) return null;
        const entries: FieldEntry[] = [];
        for (const arc of orderedArcs(w)) {
          const entry = this.entry(arc, options);
          if (entry !== null) entries.push(entry);
        }
        return entries;
      },
      () => null,
    );
  }

  private entry(arc: Vertex, options: FieldOptions): FieldEntry | null {
    const { label } = arc;
    if (isLet(label) || arc.arcType > ARC_OPTIONAL) return null;
    if (arc.arcType !== ARC_MEMBER && !options.optional) return null;
    const kind = isRegular(label) ? 'regular' : isHidden(label) ? 'hidden' : 'definition';
    if (kind === 'hidden' && !options.hidden) return null;
    if ((kind === 'definition' || isDefinition(label)) && !options.definitions) return null;
    const constraint =
      arc.arcType === ARC_REQUIRED ? 'required' : arc.arcType === ARC_OPTIONAL ? 'optional' : 'member';
    return new Entry(label, kind, constraint, new Value(this.ctx, arc));
  }

  /** The elements of a list; null for what is no list. */
  elements(): readonly Value[] | null {
    return this.run(
      (v) => {
        if (v.base === null || v.base.tag !== TAG_LIST_MARKER) return null;
        return listElements(v).map((e) => new Value(this.ctx, e));
      },
      () => null,
    );
  }

  /** How many elements a list has, and whether it may have more. */
  length(): { readonly count: number; readonly isOpen: boolean } | null {
    return this.run(
      (v) => {
        if (v.base === null || v.base.tag !== TAG_LIST_MARKER) return null;
        return { count: listElements(v).length, isOpen: v.base.isOpen };
      },
      () => null,
    );
  }

  /** The doc comments of all declarations of the field. */
  docs(): readonly CommentGroup[] {
    const docs: CommentGroup[] = [];
    if (this.missing !== null) return docs;
    for (const c of this.vertex.conjuncts) {
      if (c.field === null || !('notes' in c.field) || c.field.notes === null) continue;
      for (const d of c.field.notes.docs) if (!docs.includes(d)) docs.push(d);
    }
    return docs;
  }

  attributes(): readonly Attribute[] {
    const found: Attribute[] = [];
    if (this.missing !== null) return found;
    for (const c of this.vertex.conjuncts) {
      if (c.field === null || !('notes' in c.field) || c.field.notes === null) continue;
      for (const a of c.field.notes.attributes) if (!found.includes(a)) found.push(a);
    }
    return found;
  }

  /** JSON text as MarshalJSON gives it: CUE's field order and number forms. */
  toJSONText(): Result<string> {
    return this.run<Result<string>>(
      () => {
        const text = toJson(this.ctx, this.vertex);
        return typeof text === 'string'
          ? { ok: true, value: text }
          : { ok: false, error: new CueError(text) };
      },
      (error) => ({ ok: false, error: new CueError(error) }),
    );
  }

  /** Concrete data. */
  toData(): Result<Data> {
    return this.run<Result<Data>>(
      () => {
        const d = toData(this.ctx, this.vertex);
        return d instanceof Bottom ? { ok: false, error: new CueError(d) } : { ok: true, value: d };
      },
      (error) => ({ ok: false, error: new CueError(error) }),
    );
  }

  /** A string's text, or null for anything else. */
  string(): string | null {
    const d = this.toData();
    return d.ok && typeof d.value === 'string' ? d.value : null;
  }

  /** A new value: this one unified with `x` at a path. References inside see what was filled in. */
  fill(path: string | readonly PathStep[], x: Data | Value): Value {
    if (this.missing !== null) return this;
    const steps = typeof path === 'string' ? parsePath(path) : path.map(stepOf);
    let expr: Expr = x instanceof Value ? x.vertex : new DataLiterals(FILLED.source).expr(x);
    for (const step of steps.toReversed()) {
      if (typeof step.label === 'number') {
        expr = listWith(step.label, expr);
        continue;
      }
      const arcType = step.optional ? ARC_OPTIONAL : ARC_MEMBER;
      expr = new StructLit(FILLED, [new Field(FILLED, step.label, arcType, expr, null)], false, []);
    }
    return this.with(expr);
  }

  /** The unification of two values. */
  unify(other: Value): Value {
    return this.missing !== null ? this : this.with(other.vertex);
  }

  private with(expr: Expr): Value {
    return guarded(
      this.ctx,
      () => {
        this.ctx.node();
        const v = new Vertex(this.vertex.label, this.vertex.parent, ARC_MEMBER);
        v.closedRecursive = false;
        v.addConjunct(new Conjunct(null, this.vertex, NO_CLOSE_INFO, null));
        v.addConjunct(new Conjunct(null, expr, NO_CLOSE_INFO, null));
        return new Value(this.ctx, v);
      },
      (error) => new Value(this.ctx, this.vertex, error),
    );
  }

  /** Whether a field of this name may be added. */
  allows(label: PathStep): boolean {
    return this.run(
      (v) => v.hasEllipsis || accepts(this.ctx, v, stepOf(label).label),
      () => false,
    );
  }

  equals(other: Value): boolean {
    return this.run(
      () => {
        settle(other.ctx, other.vertex);
        return equal(this.ctx, this.vertex, other.vertex, false);
      },
      () => false,
    );
  }

  /** The scalar, if the value is one. */
  scalar(): Scalar | null {
    return this.run<Scalar | null>(
      (v) => {
        const d = defaultOf(v);
        const base = d.tag === TAG_VERTEX ? d.deref().base : d;
        // The tag says it is a scalar.
        return base !== null && base.tag <= LAST_SCALAR ? (base as Scalar) : null;
      },
      () => null,
    );
  }

  /** The labels from the root. */
  path(): readonly string[] {
    return pathOf(this.vertex).map(labelText);
  }

  /** Where the value was first declared. */
  position(): Position | null {
    for (const c of this.vertex.conjuncts) {
      const place = c.field?.place ?? ('place' in c.expr ? c.expr.place : null);
      if (place !== null && place !== undefined && place.node.start >= 0) return positionOf(place);
    }
    return null;
  }
}

/** The place of values that were filled in: no text. */
export const FILLED: Place = { source: { name: 'filled in', text: '' }, node: { start: -1, end: -1 } };

/** An open list of at least `index + 1` elements, the last of them given. */
function listWith(index: number, expr: Expr): Expr {
  const before: Expr[] = Array.from({ length: index }, () => new TopValue(FILLED));
  return new ListLit(FILLED, [...before, expr], new Ellipsis(FILLED, null));
}

function isStructLike(v: Vertex): boolean {
  if (v.base === null) return false;
  if (v.base.tag === TAG_STRUCT_MARKER) return true;
  if (v.base.tag !== TAG_BOTTOM) return false;
  return v.arcs.length > 0 || v.state?.hasStruct === true || v.literal?.expr instanceof StructLit;
}

/** Finalizes as far as it goes; what waits for itself is settled by asking again. */
export function settle(ctx: Evaluation, v: Vertex): void {
  ctx.final = true;
  ctx.blocked = false;
  for (let i = 0; i < 4; i++) if (finalize(ctx, v)) return;
}

interface Step {
  readonly label: Label;
  readonly optional: boolean;
}

function stepOf(step: PathStep): Step {
  if (typeof step === 'number') return { label: step, optional: false };
  return { label: regularOrMarked(step), optional: false };
}

function regularOrMarked(name: string): string {
  return name.startsWith('#') || name.startsWith('_') ? identifierLabel(name, '') : regularLabel(name);
}

const STEP =
  /^(?:"((?:[^"\\]|\\.)*)"|(\d+)|([^.?!"[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\])([?!]?)(?:\.|(?=\[)|$)/;

/** Reads a path as CUE writes one: `a.b`, `"x-y".#D`, `l.0`, `l[0]`, `x?`. */
export function parsePath(text: string): readonly Step[] {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const m = STEP.exec(rest);
    if (m === null) {
      steps.push({ label: regularLabel(rest), optional: false });
      break;
    }
    const quoted = m[1] ?? m[5];
    const index = m[2] ?? m[4];
    const label =
      quoted !== undefined
        ? regularLabel(String(JSON.parse(`"${quoted}"`)))
        : index !== undefined
          ? Number(index)
          : identifierLabel(m[3]!, '');
    steps.push({ label, optional: m[6] !== '' });
    rest = rest.slice(m[0].length);
  }
  return steps;
}
