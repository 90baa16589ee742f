/** Values and expressions as messages show them: short, and never evaluating anything. */
import type { Expr } from '../compile/ir.ts';
import { formatNumber } from '../number/number.ts';
import { SourceWriter } from './describe-source.ts';
import { kindName } from './kind.ts';
import { isLet, labelText } from './label.ts';
import {
  LAST_VALUE,
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_BOUND,
  TAG_BUILTIN,
  TAG_BYTES,
  TAG_CONJUNCTION,
  TAG_DISJUNCTION,
  TAG_LIST_MARKER,
  TAG_NULL,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT_MARKER,
  TAG_TOP,
  TAG_TYPE,
  TAG_VALIDATOR,
  TAG_VERTEX,
} from './tag.ts';
import type { BaseValue, Vertex } from './value.ts';
import { ARC_OPTIONAL, kindOf, NODE_DONE, type Vertex as VertexClass } from './value.ts';

const LONGEST = 200;
const DEEPEST = 3;

/** The text for one argument of a message. */
export function describeArg(arg: unknown): string {
  if (typeof arg === 'string') return arg;
  // Costly texts are worked out when they are read.
  if (typeof arg === 'function') return String(arg());
  if (typeof arg === 'number' || typeof arg === 'bigint' || typeof arg === 'boolean') return String(arg);
  if (typeof arg === 'object' && arg !== null && 'tag' in arg) {
    // Everything with a tag is a value or an expression.
    return describe(arg as Expr | BaseValue);
  }
  return String(arg);
}

export function describe(x: Expr | BaseValue): string {
  const text = show(x, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function show(x: Expr | BaseValue, depth: number): string {
  if (x.tag > LAST_VALUE) return sourceText(x as Expr, depth);
  const v = x as BaseValue;
  switch (v.tag) {
    case TAG_NULL:
      return 'null';
    case TAG_BOOL:
      return String(v.value);
    case TAG_NUM:
      return formatNumber(v.value);
    case TAG_STRING:
      return JSON.stringify(v.value);
    case TAG_BYTES:
      return `'${[...v.value.slice(0, LONGEST)].map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : `\\x${b.toString(16).padStart(2, '0')}`)).join('')}'`;
    case TAG_TYPE:
      return kindName(v.kind);
    case TAG_TOP:
      return '_';
    case TAG_BOUND:
      return `${v.op}${show(v.value, depth)}`;
    case TAG_BUILTIN:
      return v.fn.name;
    case TAG_VALIDATOR:
      return v.args.length === 0
        ? v.fn.name
        : `${v.fn.name}(${v.args.map((a) => show(a, depth)).join(', ')})`;
    case TAG_CONJUNCTION:
      return v.values.map((a) => show(a, depth)).join(' & ');
    case TAG_DISJUNCTION:
      return v.values.map((a, i) => (i < v.defaults ? '*' : '') + show(a, depth)).join(' | ');
    case TAG_BOTTOM:
      return '_|_';
    case TAG_STRUCT_MARKER:
      return 'struct';
    case TAG_LIST_MARKER:
      return 'list';
    case TAG_VERTEX:
      return showVertex(v, depth);
    default:
      return v satisfies never;
  }
}

function showVertex(vertex: VertexClass, depth: number): string {
  const v: Vertex = vertex.deref();
  const base = v.base;
  if (base === null) return kindName(kindOf(v));
  if (base.tag === TAG_VERTEX) return '_';
  const { tag } = base;
  // What a message is about may have become the very error that the message is of.
  const isRefused = tag === TAG_BOTTOM && depth === 0 && v.arcs.length > 0;
  if (tag !== TAG_STRUCT_MARKER && tag !== TAG_LIST_MARKER && !isRefused) return show(base, depth);
  const isList = tag === TAG_LIST_MARKER || (isRefused && typeof v.arcs[0]!.label === 'number');
  if (depth >= DEEPEST) return isList ? '[…]' : '{…}';
  const parts = v.arcs
    .filter((a) => a.arcType <= ARC_OPTIONAL && !isLet(a.label))
    .map((a) =>
      isList ? show(a, depth + 1) : `${labelText(a.label)}${MARKS[a.arcType]}:${showField(a, depth + 1)}`,
    );
  return isList ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

const MARKS = ['', '!', '?'];

/** An optional field that nobody has asked for yet is shown as it is written. */
function showField(arc: Vertex, depth: number): string {
  const [only, more] = arc.conjuncts;
  if (arc.status >= NODE_DONE || arc.state !== null || only === undefined || more !== undefined)
    return show(arc, depth);
  return show(only.expr, depth);
}

function sourceText(x: Expr, depth: number): string {
  const writer = new SourceWriter(LONGEST, (v) => show(v, depth));
  writer.expr(x);
  return writer.text;
}
