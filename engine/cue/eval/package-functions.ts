/** Functions of standard packages that look at open values or call back into the evaluator. */
import { Bottom, isIncomplete } from '../bottom.ts';
import type { Expr, Place } from '../compile/ir.ts';
import { And, Field, StructLit } from '../compile/ir.ts';
import * as number from '../number/number.ts';
import type { Data, StdPackage } from '../std/builtin.ts';
import { isBuiltinError } from '../std/builtin.ts';
import { compareStrings } from './compare.ts';
import { DataLiterals } from './data.ts';
import { defaultOf } from './default.ts';
import { describe } from './describe.ts';
import { equal } from './equal.ts';
import type { Evaluation } from './evaluation.ts';
import { listElements, listOf, unwrap } from './expr.ts';
import { dataFields } from './fields.ts';
import type { CallSite, EvaluatorFunction } from './function.ts';
import { define } from './functions.ts';
import {
  BOOL_KIND,
  BYTES_KIND,
  INT_KIND,
  kindName,
  LIST_KIND,
  STRING_KIND,
  STRUCT_KIND,
  TOP_KIND,
} from './kind.ts';
import { finalize } from './process.ts';
import { inlineVertex } from './resolve.ts';
import { aboutCaller } from './std-function.ts';
import {
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_BYTES,
  TAG_LIST_MARKER,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT_MARKER,
  TAG_VERTEX,
} from './tag.ts';
import { validate } from './validate.ts';
import type { Value } from './value.ts';
import { BoolValue, kindOf, Vertex } from './value.ts';

function place(site: CallSite): Place | null {
  return site.call?.place ?? null;
}

function truth(site: CallSite, holds: boolean): Value {
  return new BoolValue(place(site), holds);
}

/** The elements of a list argument; an error where it is none. */
function elements(ctx: Evaluation, arg: Value, site: CallSite): readonly Vertex[] | Bottom {
  const v = unwrap(defaultOf(arg));
  if (v.tag === TAG_BOTTOM) return v;
  if (v.tag === TAG_VERTEX) {
    const at = v.deref();
    if (at.base !== null && at.base.tag === TAG_LIST_MARKER) {
      if (!finalize(ctx, at) && !ctx.final) ctx.blocked = true;
      return listElements(at);
    }
    if (at.base !== null && at.base.tag === TAG_BOTTOM && at.arcs.length > 0) return at.base;
  }
  const code = (kindOf(v) & LIST_KIND) !== 0 ? 'incomplete' : 'eval';
  return ctx.error(code, place(site), 'cannot use %v (type %v) as list', v, kindName(kindOf(v)));
}

function count(ctx: Evaluation, arg: Value, site: CallSite): bigint | Bottom {
  const v = unwrap(defaultOf(arg));
  const n = v.tag === TAG_NUM ? number.asInt(v.value) : null;
  if (n !== null) return n;
  if (v.tag === TAG_BOTTOM) return v;
  const code = (kindOf(v) & INT_KIND) !== 0 && v.tag !== TAG_NUM ? 'incomplete' : 'eval';
  return ctx.error(code, place(site), 'cannot use %v (type %v) as int', v, kindName(kindOf(v)));
}

type Bound = (length: bigint, limit: bigint) => boolean;

function itemCount(name: string, holds: Bound): EvaluatorFunction {
  return define(name, [LIST_KIND, INT_KIND], BOOL_KIND, (ctx, [arg, limit], site) => {
    const items = elements(ctx, arg!, site);
    if (items instanceof Bottom) return items;
    const n = count(ctx, limit!, site);
    if (n instanceof Bottom) return n;
    const v = unwrap(defaultOf(arg!));
    const isOpen = v.tag === TAG_VERTEX && v.deref().base?.tag === TAG_LIST_MARKER && !isClosed(v);
    if (holds(BigInt(items.length), n)) return truth(site, true);
    // An open list may still grow.
    if (isOpen && holds(n, n) && BigInt(items.length) < n) {
      return ctx.error('incomplete', place(site), 'len(list) < %v (%v < %v)', n, items.length, n);
    }
    return truth(site, false);
  });
}

function isClosed(v: Vertex): boolean {
  const base = v.deref().base;
  return base !== null && base.tag === TAG_LIST_MARKER && !base.isOpen;
}

function fieldCount(name: string, holds: Bound, isMinimum: boolean): EvaluatorFunction {
  return define(name, [STRUCT_KIND, INT_KIND], BOOL_KIND, (ctx, [arg, limit], site) => {
    const v = unwrap(defaultOf(arg!));
    if (v.tag === TAG_BOTTOM) return v;
    const n = count(ctx, limit!, site);
    if (n instanceof Bottom) return n;
    if (v.tag !== TAG_VERTEX || v.deref().base?.tag !== TAG_STRUCT_MARKER) {
      return ctx.error('incomplete', place(site), 'cannot use %v as struct', v);
    }
    const fields = BigInt(dataFields(v.deref()).length);
    if (holds(fields, n)) return truth(site, true);
    // Fields can still be added, but none goes away.
    if (isMinimum) return ctx.error('incomplete', place(site), 'len(fields) < %v (%v < %v)', n, fields, n);
    return truth(site, false);
  });
}

const contains = define('list.Contains', [LIST_KIND, TOP_KIND], BOOL_KIND, (ctx, [arg, wanted], site) => {
  const items = elements(ctx, arg!, site);
  if (items instanceof Bottom) return items;
  if (wanted!.tag === TAG_VERTEX) finalize(ctx, wanted!);
  return truth(
    site,
    items.some((item) => equal(ctx, item, wanted!, false)),
  );
});

const uniqueItems = define('list.UniqueItems', [LIST_KIND], BOOL_KIND, (ctx, [arg], site) => {
  const items = elements(ctx, arg!, site);
  if (items instanceof Bottom) return items;
  for (let i = 0; i < items.length; i++) {
    for (let j = 0; j < i; j++) if (equal(ctx, items[i]!, items[j]!, false)) return truth(site, false);
  }
  return truth(site, true);
});

/** A vertex that is all of these expressions, or its error. */
function unified(
  ctx: Evaluation,
  exprs: readonly Expr[],
): { readonly vertex: Vertex; readonly error: Bottom | null } {
  const [first, ...rest] = exprs;
  let expr = first!;
  for (const e of rest) expr = new And(NOWHERE, expr, e);
  const vertex = inlineVertex(ctx, null, expr);
  if (!finalize(ctx, vertex) && !ctx.final) ctx.blocked = true;
  return { vertex, error: vertex.deref().bottom };
}

const NOWHERE: Place = { source: { name: '', text: '' }, node: { start: -1, end: -1 } };

/** Whether `value` satisfies `constraint`; concretely, if asked. */
function satisfies(ctx: Evaluation, value: Value, constraint: Value): boolean | Bottom {
  const { vertex, error } = unified(ctx, [asData(value), constraint]);
  if (error !== null && !isIncomplete(error)) return false;
  const bad = validate(ctx, vertex, {});
  if (bad === null) return true;
  return isIncomplete(bad) ? bad : false;
}

/** The value under test without its own constraints, the test among them. */
function asData(value: Value): Value {
  if (value.tag !== TAG_VERTEX) return value;
  const v = value.deref();
  if (v.base === null || (v.base.tag !== TAG_STRUCT_MARKER && v.base.tag !== TAG_LIST_MARKER)) return value;
  const copy = new Vertex('', null, 0);
  copy.isInline = true;
  copy.base = v.base;
  copy.arcs = v.arcs;
  copy.index = v.index;
  copy.status = v.status;
  return copy;
}

function matchCount(
  ctx: Evaluation,
  values: readonly Value[],
  constraint: Value,
): { readonly matches: number; readonly open: Bottom | null } {
  let matches = 0;
  let open: Bottom | null = null;
  for (const v of values) {
    const r = satisfies(ctx, v, constraint);
    if (r === true) matches++;
    else if (r instanceof Bottom) open = r;
  }
  return { matches, open };
}

/** Whether a number of matches is what was asked for: `n` is a constraint on it. */
function judge(ctx: Evaluation, site: CallSite, n: Value, matches: number, open: Bottom | null): Value {
  const { error } = unified(ctx, [n, new DataLiterals(NOWHERE.source).expr(BigInt(matches))]);
  if (error === null) return truth(site, true);
  if (open !== null) return ctx.error('incomplete', place(site), 'cannot tell how many match yet');
  return ctx.error('eval', place(site), '%v matched, expected %v', matches, describe(n));
}

const listMatchN = define(
  'list.MatchN',
  [LIST_KIND, TOP_KIND, TOP_KIND],
  BOOL_KIND,
  (ctx, [arg, n, constraint], site) => {
    const items = elements(ctx, arg!, site);
    if (items instanceof Bottom) return items;
    const { matches, open } = matchCount(ctx, items, constraint!);
    return judge(ctx, site, n!, matches, open);
  },
  true,
);

/** `matchN(n, [...])`: how many of the constraints the value satisfies. */
export const matchN: EvaluatorFunction = define(
  'matchN',
  [TOP_KIND, TOP_KIND, LIST_KIND],
  BOOL_KIND,
  (ctx, [value, n, list], site) => {
    const constraints = elements(ctx, list!, site);
    if (constraints instanceof Bottom) return constraints;
    let matches = 0;
    let open: Bottom | null = null;
    for (const c of constraints) {
      const r = satisfies(ctx, value!, c);
      if (r === true) matches++;
      else if (r instanceof Bottom) open = r;
    }
    return judge(ctx, site, n!, matches, open);
  },
  true,
);

/** `matchIf(if, then, else)`: the value satisfies `then` if it satisfies `if`, else `else`. */
export const matchIf: EvaluatorFunction = define(
  'matchIf',
  [TOP_KIND, TOP_KIND, TOP_KIND, TOP_KIND],
  BOOL_KIND,
  (ctx, [value, condition, then, otherwise], site) => {
    const c = satisfies(ctx, value!, condition!);
    const r = satisfies(ctx, value!, c === true ? then! : otherwise!);
    if (r === true) return truth(site, true);
    if (r instanceof Bottom)
      return ctx.error('incomplete', place(site), 'cannot tell whether it matches yet');
    return ctx.error('eval', place(site), 'failed to match');
  },
  true,
);

// ---- sorting

/** The default comparers order numbers and strings; others are structs with x, y and less. */
function less(ctx: Evaluation, comparer: Value, a: Value, b: Value, site: CallSite): boolean | Bottom {
  const x = unwrap(defaultOf(a));
  const y = unwrap(defaultOf(b));
  const vertex = comparer.tag === TAG_VERTEX ? comparer : null;
  if (vertex === null) return ctx.error('eval', place(site), 'cannot use %v as a comparer', comparer);
  const literal = comparerArgs(a, b);
  const { vertex: v } = unified(ctx, [vertex, literal]);
  const result = v.deref().lookup('less');
  if (result === null) return ctx.error('eval', place(site), 'comparer has no field less');
  const r = unwrap(defaultOf(result));
  if (r.tag === TAG_BOOL) return r.value;
  if (r.tag === TAG_BOTTOM) return r;
  if (x.tag === TAG_STRING && y.tag === TAG_STRING) return compareStrings(x.value, y.value) < 0;
  return ctx.error('incomplete', place(site), 'comparison is incomplete: %v', r);
}

function comparerArgs(a: Value, b: Value): Expr {
  return new StructLit(
    NOWHERE,
    [new Field(NOWHERE, 'x', 0, a, null), new Field(NOWHERE, 'y', 0, b, null)],
    false,
    [],
  );
}

type Less = (a: Value, b: Value) => boolean | Bottom;

function mergeSort(items: readonly Value[], before: Less): readonly Value[] | Bottom {
  if (items.length < 2) return items;
  const middle = items.length >> 1;
  const left = mergeSort(items.slice(0, middle), before);
  if (left instanceof Bottom) return left;
  const right = mergeSort(items.slice(middle), before);
  if (right instanceof Bottom) return right;
  const out: Value[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const swap = before(right[j]!, left[i]!);
    if (swap instanceof Bottom) return swap;
    out.push(swap ? right[j++]! : left[i++]!);
  }
  return [...out, ...left.slice(i), ...right.slice(j)];
}

function sorter(name: string): EvaluatorFunction {
  return define(
    name,
    [LIST_KIND, TOP_KIND],
    LIST_KIND,
    (ctx, [arg, comparer], site) => {
      const items = elements(ctx, arg!, site);
      if (items instanceof Bottom) return items;
      const open = validate(ctx, arg as Vertex, { concrete: true });
      if (open !== null) return open;
      const sorted = mergeSort(items, (a, b) => less(ctx, comparer!, a, b, site));
      return sorted instanceof Bottom ? sorted : listOf(ctx, sorted);
    },
    true,
  );
}

const isSorted = define(
  'list.IsSorted',
  [LIST_KIND, TOP_KIND],
  BOOL_KIND,
  (ctx, [arg, comparer], site) => {
    const items = elements(ctx, arg!, site);
    if (items instanceof Bottom) return items;
    for (let i = 1; i < items.length; i++) {
      const r = less(ctx, comparer!, items[i]!, items[i - 1]!, site);
      if (r instanceof Bottom) return r;
      if (r) return truth(site, false);
    }
    return truth(site, true);
  },
  true,
);

// ---- validating text

function textValidator(
  name: string,
  parse: (ctx: Evaluation, text: string | Uint8Array) => Data | string,
  partial: boolean,
): EvaluatorFunction {
  return define(
    name,
    [STRING_KIND | BYTES_KIND, TOP_KIND],
    BOOL_KIND,
    (ctx, [arg, schema], site) => {
      const v = unwrap(defaultOf(arg!));
      if (v.tag === TAG_BOTTOM) return v;
      if (v.tag !== TAG_STRING && v.tag !== TAG_BYTES) {
        return ctx.error('incomplete', place(site), 'non-concrete argument %v', v);
      }
      const data = parse(ctx, v.value);
      if (typeof data === 'string') return ctx.error('eval', place(site), '%v', data);
      const { vertex, error } = unified(ctx, [schema!, new DataLiterals(NOWHERE.source).expr(data)]);
      if (error !== null && !isIncomplete(error)) return aboutCaller(ctx, error);
      const open = validate(ctx, vertex, partial ? {} : { concrete: true, final: true });
      if (open === null) return truth(site, true);
      return aboutCaller(ctx, open);
    },
    true,
  );
}

function jsonData(pkg: StdPackage): (ctx: Evaluation, text: string | Uint8Array) => Data | string {
  const unmarshal = pkg.functions.find((f) => f.name === 'Unmarshal')!;
  return (ctx, text) => {
    const r = unmarshal.call([text], ctx);
    if (isBuiltinError(r)) return r.message;
    // Unmarshal tests nothing, so what is no refusal is data.
    return r as Data;
  };
}

/** The functions of one package by their short name. */
export function evaluatorFunctions(pkg: StdPackage): ReadonlyMap<string, EvaluatorFunction> {
  return new Map(functionsOf(pkg).map((fn) => [fn.name.slice(fn.name.lastIndexOf('.') + 1), fn]));
}

function functionsOf(pkg: StdPackage): readonly EvaluatorFunction[] {
  switch (pkg.path) {
    case 'list':
      return [
        contains,
        uniqueItems,
        listMatchN,
        itemCount('list.MinItems', (length, limit) => length >= limit),
        itemCount('list.MaxItems', (length, limit) => length <= limit),
        sorter('list.Sort'),
        sorter('list.SortStable'),
        isSorted,
      ];
    case 'struct':
      return [
        fieldCount('struct.MinFields', (length, limit) => length >= limit, true),
        fieldCount('struct.MaxFields', (length, limit) => length <= limit, false),
      ];
    case 'encoding/json':
      return [textValidator('encoding/json.Validate', jsonData(pkg), false)];
    case 'encoding/yaml':
      return [
        textValidator('encoding/yaml.Validate', jsonData(pkg), false),
        textValidator('encoding/yaml.ValidatePartial', jsonData(pkg), true),
      ];
    default:
      return [];
  }
}
