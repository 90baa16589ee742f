/** The functions of the standard packages, as the evaluator calls them: on concrete data. */
import { Bottom, isIncomplete } from '../bottom.ts';
import type { Place } from '../compile/ir.ts';
import { asDecimal, asInt, numberKind } from '../number/number.ts';
import type {
  Builtin,
  BuiltinError,
  Data,
  ListView,
  Outcome,
  Param,
  ParamKind,
  Rearrangement,
} from '../std/builtin.ts';
import { isBuiltinError, isList, isNumber, isStruct } from '../std/builtin.ts';
import { fromData, toData } from './data.ts';
import { defaultOf } from './default.ts';
import type { Evaluation } from './evaluation.ts';
import { listElements, listOf, unwrap } from './expr.ts';
import { dataFields } from './fields.ts';
import type { CallSite, EvaluatorFunction } from './function.ts';
import type { Kind } from './kind.ts';
import {
  BOOL_KIND,
  BYTES_KIND,
  INT_KIND,
  kindName,
  LIST_KIND,
  NULL_KIND,
  NUMBER_KIND,
  STRING_KIND,
  STRUCT_KIND,
  TOP_KIND,
} from './kind.ts';
import { labelName } from './label.ts';
import { complete } from './process.ts';
import { LAST_SCALAR, TAG_BOTTOM, TAG_LIST_MARKER, TAG_NUM, TAG_VERTEX } from './tag.ts';
import type { Value } from './value.ts';
import {
  BoolValue,
  BytesValue,
  Disjunction,
  kindOf,
  NullValue,
  NumValue,
  StringValue,
  TopValue,
} from './value.ts';

const KINDS: Readonly<Record<ParamKind | 'bytes' | 'null', Kind>> = {
  any: TOP_KIND,
  bool: BOOL_KIND,
  int: INT_KIND,
  number: NUMBER_KIND,
  string: STRING_KIND,
  'string|bytes': STRING_KIND | BYTES_KIND,
  bytes: BYTES_KIND,
  null: NULL_KIND,
  list: LIST_KIND,
  struct: STRUCT_KIND,
};

function defaultValue(param: Param): Value | null {
  const d = param.default;
  if (d === undefined) return null;
  if (d === null) return new NullValue(null);
  if (typeof d === 'boolean') return new BoolValue(null, d);
  if (typeof d === 'string') return new StringValue(null, d);
  if (typeof d === 'bigint') return new NumValue(null, d);
  if (d instanceof Uint8Array) return new BytesValue(null, d);
  return null;
}

/** A function on data. Arguments that are not concrete make the call incomplete. */
export function dataFunction(fn: Builtin): EvaluatorFunction {
  return {
    name: fn.qualifiedName,
    paramKinds: fn.params.map((p) => KINDS[p.kind]),
    defaults: fn.params.map(defaultValue),
    resultKind: fn.result === 'null' ? 0 : KINDS[fn.result],
    takesOpen: false,
    call(ctx, args, site) {
      const data: Data[] = [];
      for (let i = 0; i < args.length; i++) {
        const d = argument(ctx, fn, i, args[i]!, site);
        if (d instanceof Bottom) return d;
        data.push(fn.keepsLiterals === true ? asWritten(args[i]!, d) : d);
      }
      return outcome(ctx, fn.qualifiedName, fn.call(data, ctx), site);
    },
  };
}

/** Data with the text of each number that is written out; numbers that are values of fields lose theirs, as in CUE. */
function asWritten(value: Value, data: Data): Data {
  const v = value.tag === TAG_VERTEX ? unwrap(defaultOf(value)) : value;
  if (v.tag === TAG_VERTEX && isList(data)) {
    const elements = listElements(v.deref());
    return data.map((item, i) => asWritten(elements[i]!, item));
  }
  if (v.tag === TAG_VERTEX && isStruct(data)) {
    const fields = dataFields(v.deref()).map((a): [string, Data] => {
      const item = data.fields.get(labelName(a.label)) ?? null;
      return [labelName(a.label), isNumber(item) ? item : asWritten(a, item)];
    });
    return { type: 'struct', fields: new Map(fields) };
  }
  const expr = value.tag === TAG_VERTEX ? value.conjuncts.find((c) => c.expr.tag === TAG_NUM)?.expr : value;
  const node = expr?.tag === TAG_NUM ? expr.place?.node : undefined;
  const text = node !== undefined && 'raw' in node ? String(node.raw) : '';
  // A multiplier (1Ki) is carried out.
  if (!isNumber(data) || !/^[^KMGTP]+$/.test(text)) return data;
  return { type: numberKind(data), value: asDecimal(data), text };
}

/** An argument as data. What is incomplete is told of the call, but of its own place inside a value of any kind. */
function argument(ctx: Evaluation, fn: Builtin, i: number, v: Value, site: CallSite): Data | Bottom {
  const d = toData(ctx, v);
  if (!(d instanceof Bottom)) return d;
  if (d.code !== 'incomplete') return d;
  if (site.isValidator) return new Bottom(d.code, d.issues, d.node);
  const { kind, elements } = fn.params[i]!;
  if (elements !== undefined) {
    const misfit = wrongElement(ctx, v, i, elements, site);
    if (misfit !== null) return misfit;
  }
  const isAny = KINDS[kind] === TOP_KIND;
  if (isAny && unwrap(v).tag === TAG_VERTEX) return new Bottom(d.code, d.issues, ctx.current);
  const place = site.call?.place ?? null;
  if (isAny) return ctx.error('incomplete', place, 'non-concrete argument %v', i);
  const issues = d.issues.map((issue) => ({
    ...issue,
    node: ctx.current,
    format: `error in call to ${fn.qualifiedName}: ${issue.format}`,
    place,
    others: issue.place === null ? issue.others : [issue.place, ...issue.others],
  }));
  return new Bottom(d.code, issues, ctx.current);
}

/** What a text without any value reads as: null, unless something else is said. */
export function absentValue(place: Place | null): Disjunction {
  return new Disjunction([new NullValue(place), new TopValue(place)], 1, true);
}

/** The error of a list one of whose elements, up to the first that is open, can never be of a kind. */
function wrongElement(
  ctx: Evaluation,
  list: Value,
  i: number,
  kind: 'string' | 'number',
  site: CallSite,
): Bottom | null {
  const all = list.tag === TAG_VERTEX ? listElements(list.deref()) : [];
  for (const [j, element] of all.entries()) {
    const v = unwrap(defaultOf(element));
    const found = kindOf(v);
    if (v.tag !== TAG_BOTTOM && (found & KINDS[kind]) === 0) {
      const format = 'invalid list element %v in argument %v to call: cannot use value %v (%v) as %v';
      return ctx.error('eval', site.call?.place ?? null, format, j, i, v, kindName(found), kind);
    }
    if (v.tag > LAST_SCALAR) return null;
  }
  return null;
}

/** An error found by a function inside of an argument is told of the field that calls it. */
export function aboutCaller(ctx: Evaluation, error: Bottom): Bottom {
  const issues = error.issues.map(({ path: _, ...i }) => ({ ...i, node: ctx.current }));
  return new Bottom(error.code, issues, ctx.current);
}

function outcome(ctx: Evaluation, name: string, result: Outcome, site: CallSite): Value {
  const place = site.call?.place ?? null;
  if (isBuiltinError(result)) return failure(ctx, name, result, site);
  if (typeof result === 'object' && result !== null && 'type' in result) {
    if (result.type === 'absent') return absentValue(place);
    if (result.type === 'unsatisfied') {
      return site.isValidator
        ? ctx.error(result.code, place, '%v', result.message)
        : new BoolValue(place, false);
    }
  }
  return fromData(ctx, result, place);
}

function failure(ctx: Evaluation, name: string, error: BuiltinError, site: CallSite): Bottom {
  const format = error.message.includes(name) ? '%v' : `error in call to ${name}: %v`;
  return ctx.error(error.code, site.call?.place ?? null, format, error.message);
}

/** A function that moves list elements about as they are. */
export function rearrangementFunction(fn: Rearrangement): EvaluatorFunction {
  return {
    name: fn.qualifiedName,
    paramKinds: fn.params.map((p) => KINDS[p.kind]),
    defaults: fn.params.map(defaultValue),
    resultKind: LIST_KIND,
    takesOpen: false,
    call(ctx, args, site) {
      const numbers: bigint[] = [];
      for (const a of args.slice(1)) {
        const v = unwrap(a);
        const n = v.tag === TAG_NUM ? asInt(v.value) : null;
        if (n === null) {
          return ctx.error(
            'incomplete',
            site.call?.place ?? null,
            'non-concrete argument in call to %v: %v',
            fn.qualifiedName,
            v,
          );
        }
        numbers.push(n);
      }
      let inner: Bottom | null = null;
      const elementsOf = (v: Value) =>
        v.tag === TAG_VERTEX && v.deref().base?.tag === TAG_LIST_MARKER ? listElements(v.deref()) : null;
      const view: ListView<Value> = {
        isList: (v) => elementsOf(settled(ctx, v)) !== null,
        elements: (v) => {
          const w = settled(ctx, v);
          const items = elementsOf(w);
          if (items !== null) return items;
          if (w.tag === TAG_BOTTOM) {
            inner = w;
            return { type: 'error', code: isIncomplete(w) ? 'incomplete' : 'eval', message: '' };
          }
          const kind = kindOf(w);
          const code = (kind & LIST_KIND) !== 0 ? 'incomplete' : 'eval';
          return { type: 'error', code, message: `cannot use value (type ${kindName(kind)}) as list` };
        },
        resolved: (v) => settled(ctx, v),
      };
      const result = fn.rearrange<Value>(args[0]!, numbers, view, ctx);
      if (isBuiltinError(result)) return inner ?? failure(ctx, fn.qualifiedName, result, site);
      return listOf(ctx, result);
    },
  };
}

function settled(ctx: Evaluation, v: Value): Value {
  if (v.tag === TAG_VERTEX) complete(ctx, v);
  return unwrap(defaultOf(v));
}
