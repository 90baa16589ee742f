/** Functions of package `list` that look at open values or call back into the evaluator. */
import { Bottom, isIncomplete } from '../bottom.ts';
import type { Expr } from '../compile/ir.ts';
import { Field, StructLit } from '../compile/ir.ts';
import { count, elements, failed, NOWHERE, place, truth, unified } from './argument.ts';
import { defaultOf } from './default.ts';
import { equal } from './equal.ts';
import type { Evaluation } from './evaluation.ts';
import { listOf, unwrap } from './expr.ts';
import type { CallSite, EvaluatorFunction } from './function.ts';
import { define } from './functions.ts';
import { BOOL_KIND, INT_KIND, LIST_KIND, TOP_KIND } from './kind.ts';
import { judge, satisfies } from './match.ts';
import { finalize } from './process.ts';
import { LAST_SCALAR, TAG_BOOL, TAG_BOTTOM, TAG_LIST_MARKER, TAG_STRUCT_MARKER, TAG_VERTEX } from './tag.ts';
import type { Value } from './value.ts';
import { ARC_MEMBER, type Vertex } from './value.ts';

/** Whether an argument is a list that may get more elements. To be asked before its default is taken, which closes it. */
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

const contains = define('list.Contains', [LIST_KIND, TOP_KIND], BOOL_KIND, (ctx, [arg, wanted], site) => {
  const items = elements(ctx, arg!, site);
  if (items instanceof Bottom) return items;
  if (wanted!.tag === TAG_VERTEX) finalize(ctx, wanted!);
  else if (wanted!.tag > LAST_SCALAR) return ctx.error('incomplete', place(site), 'non-concrete argument 1');
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

export const listFunctions: readonly EvaluatorFunction[] = [
  contains,
  uniqueItems,
  listMatchN,
  itemCount('list.MinItems', true),
  itemCount('list.MaxItems', false),
  sorter('list.Sort'),
  sorter('list.SortStable'),
  isSorted,
];
