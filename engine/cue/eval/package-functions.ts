/** Functions of standard packages that look at open values or call back into the evaluator. */
import { Bottom, isIncomplete } from '../bottom.ts';
import type { Expr, Place } from '../compile/ir.ts';
import { And, Field, StructLit } from '../compile/ir.ts';
import * as number from '../number/number.ts';
import type { Data, StdPackage } from '../std/builtin.ts';
import { isBuiltinError } from '../std/builtin.ts';
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
import { isRegular } from './label.ts';
import { finalize } from './process.ts';
import { inlineVertex } from './resolve.ts';
import { aboutCaller } from './std-function.ts';
import {
  LAST_SCALAR,
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
import { ARC_MEMBER, BoolValue, kindOf, Vertex } from './value.ts';

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

/** A test failed, for good or until the value grows. A plain call gives `false`. */
function failed(ctx: Evaluation, site: CallSite, mayGrow: boolean): Value {
  const isOpen = mayGrow && site.isValidator;
  return isOpen ? ctx.error('incomplete', place(site), 'too few') : truth(site, false);
}

/** The value whose openness counts: a default stands for itself, but closes a list. */
function isOpenList(arg: Value): boolean {
  const base = arg.tag === TAG_VERTEX ? arg.deref().base : null;
  return base !== null && base.tag === TAG_LIST_MARKER && base.isOpen;
}

/** A minimum or maximum of elements; what is below a minimum may still grow, if it is open. */
function itemCount(name: string, isMinimum: boolean): EvaluatorFunction {
  return define(name, [LIST_KIND, INT_KIND], BOOL_KIND, (ctx, [arg, limit], site) => {
    const items = elements(ctx, arg!, site);
    if (items instanceof Bottom) return items;
    const n = count(ctx, limit!, site);
    if (n instanceof Bottom) return n;
    const length = BigInt(items.length);
    if (isMinimum ? length >= n : length <= n) return truth(site, true);
    return failed(ctx, site, isMinimum && isOpenList(arg!));
  });
}

function fieldCount(name: string, isMinimum: boolean): EvaluatorFunction {
  return define(name, [STRUCT_KIND, INT_KIND], BOOL_KIND, (ctx, [arg, limit], site) => {
    const v = unwrap(defaultOf(arg!));
    if (v.tag === TAG_BOTTOM) return v;
    const n = count(ctx, limit!, site);
    if (n instanceof Bottom) return n;
    const at = v.tag === TAG_VERTEX ? v.deref() : null;
    if (at?.base?.tag !== TAG_STRUCT_MARKER) {
      return ctx.error('incomplete', place(site), 'cannot use %v as struct', v);
    }
    const fields = BigInt(dataFields(at).length);
    if (isMinimum ? fields >= n : fields <= n) return truth(site, true);
    return failed(ctx, site, isMinimum && mayHave(at, n));
  });
}

/** Whether a struct may come to have this many fields; an ellipsis in a definition does not count, as in v0.14.1. */
function mayHave(v: Vertex, count: bigint): boolean {
  const isClosed = v.closedRecursive || v.closedOnce;
  if (!isClosed || (v.patterns?.length ?? 0) > 0) return true;
  const known = v.arcs.filter((a) => typeof a.label === 'string' && isRegular(a.label));
  return BigInt(known.length) >= count;
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
  let repeated = false;
  for (let i = 0; i < items.length; i++) {
    for (let j = 0; j < i; j++) {
      if (!equal(ctx, items[i]!, items[j]!, false)) continue;
      if (isFinal(items[i]!)) return failed(ctx, site, false);
      repeated = true;
    }
  }
  return repeated ? failed(ctx, site, true) : truth(site, true);
});

/** Whether nothing that is unified with a value can make it another one that is valid. */
function isFinal(value: Vertex): boolean {
  const v = value.deref();
  const { base } = v;
  if (base === null) return false;
  if (base.tag !== TAG_STRUCT_MARKER && base.tag !== TAG_LIST_MARKER) {
    return base.tag === TAG_BOTTOM ? !isIncomplete(base) : base.tag <= LAST_SCALAR;
  }
  if (base.tag === TAG_LIST_MARKER ? base.isOpen : !v.closedRecursive && !v.closedOnce) return false;
  return v.arcs.every((a) => a.arcType === ARC_MEMBER && isFinal(a));
}

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

/** Whether the number of matches is what was asked for: `n` is a constraint on it. */
function judge(ctx: Evaluation, site: CallSite, n: Value, results: readonly (boolean | Bottom)[]): Value {
  const matches = results.filter((r) => r === true).length;
  const { error } = unified(ctx, [n, new DataLiterals(NOWHERE.source).expr(BigInt(matches))]);
  if (error === null) return truth(site, true);
  if (results.some((r) => r instanceof Bottom))
    return ctx.error('incomplete', place(site), 'cannot tell how many match yet');
  return ctx.error('eval', place(site), '%v matched, expected %v', matches, describe(n));
}

const listMatchN = define(
  'list.MatchN',
  [LIST_KIND, TOP_KIND, TOP_KIND],
  BOOL_KIND,
  (ctx, [arg, n, constraint], site) => {
    const items = elements(ctx, arg!, site);
    if (items instanceof Bottom) return items;
    const results = items.map((item) => satisfies(ctx, item, constraint!));
    return judge(ctx, site, n!, results);
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
    const results = constraints.map((constraint) => satisfies(ctx, value!, constraint));
    return judge(ctx, site, n!, results);
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

/** Whether a comparer, a struct with x, y and less, puts `a` before `b`. What is no bool says no. */
function less(ctx: Evaluation, comparer: Value, a: Value, b: Value): boolean | Bottom {
  const { vertex } = unified(ctx, [comparer, comparerArgs(a, b)]);
  const result = vertex.deref().lookup('less');
  const v = result === null ? comparer : unwrap(defaultOf(result));
  return v.tag === TAG_BOTTOM ? v : v.tag === TAG_BOOL && v.value;
}

/** Why a value is no comparer, or null. */
function comparerProblem(ctx: Evaluation, comparer: Value, site: CallSite): Bottom | null {
  const v = comparer.tag === TAG_VERTEX ? comparer.deref() : null;
  if (v?.base?.tag !== TAG_STRUCT_MARKER)
    return ctx.error('eval', place(site), 'cannot use %v as a comparer', comparer);
  if (v.lookup('less')?.arcType === ARC_MEMBER) return null;
  return ctx.error('incomplete', place(site), 'field not found: less');
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
      const problem = comparerProblem(ctx, comparer!, site);
      if (problem !== null) return problem;
      const sorted = mergeSort(items, (a, b) => less(ctx, comparer!, a, b));
      if (!(sorted instanceof Bottom)) return listOf(ctx, sorted);
      const [first] = sorted.issues;
      const others = first === undefined ? [] : first.place === null ? first.others : [first.place];
      const issue = {
        node: ctx.current,
        format: 'error in call to %v',
        args: [name],
        place: place(site),
        others,
      };
      return new Bottom('eval', [issue], ctx.current);
    },
    true,
  );
}

/** A comparison that fails counts as one that puts the later element first; without a comparer all is sorted. */
const isSorted = define(
  'list.IsSorted',
  [LIST_KIND, TOP_KIND],
  BOOL_KIND,
  (ctx, [arg, comparer], site) => {
    const items = elements(ctx, arg!, site);
    if (items instanceof Bottom) return items;
    if (comparerProblem(ctx, comparer!, site) !== null) return truth(site, true);
    const before = (item: Vertex, i: number) => i > 0 && less(ctx, comparer!, item, items[i - 1]!) !== false;
    return truth(site, !items.some(before));
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
        itemCount('list.MinItems', true),
        itemCount('list.MaxItems', false),
        sorter('list.Sort'),
        sorter('list.SortStable'),
        isSorted,
      ];
    case 'struct':
      return [fieldCount('struct.MinFields', true), fieldCount('struct.MaxFields', false)];
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
