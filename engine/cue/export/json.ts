/** JSON text of a value, byte for byte as CUE's MarshalJSON writes it. */
import type { Issue } from '../bottom.ts';
import { Bottom } from '../bottom.ts';
import type { Expr, Field, StructLit } from '../compile/ir.ts';
import { hasPlace, pathOf } from '../diagnostic.ts';
import { defaultOf } from '../eval/default.ts';
import { describe } from '../eval/describe.ts';
import type { Evaluation } from '../eval/evaluation.ts';
import { listElements, unwrap } from '../eval/expr.ts';
import { dataFields } from '../eval/fields.ts';
import type { Label } from '../eval/label.ts';
import { labelName } from '../eval/label.ts';
import { patternOf } from '../eval/outline.ts';
import {
  LAST_SCALAR,
  TAG_BOOL,
  TAG_BYTES,
  TAG_DISJUNCTION_EXPR,
  TAG_FIELD,
  TAG_LIST,
  TAG_NULL,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT,
} from '../eval/tag.ts';
import { missingField } from '../eval/validate.ts';
import type { Scalar, Value } from '../eval/value.ts';
import { ARC_MEMBER, ARC_REQUIRED, Disjunction, ListMarker, StructMarker, Vertex } from '../eval/value.ts';
import { formatNumber } from '../number/number.ts';
import { encodeBase64 } from '../std/base64-text.ts';
import { quoteJson } from '../std/json-text.ts';

/** The text, or the first error: something incomplete, a missing required field, an error inside. */
export function toJson(ctx: Evaluation, v: Vertex): string | Bottom {
  const out = new Writer(ctx);
  const error = out.write(v, v.deref());
  return error ?? out.finish();
}

/** The platform keeps what is added piece by piece as a tree, of which no more than so many characters may pile up. */
const LONGEST_TREE = 1 << 15;

/** The name of a field in front of its value: of the first, and of all others. */
interface Key {
  readonly first: string;
  readonly next: string;
}

class Writer {
  private text = '';
  private readonly flat: string[] = [];
  private readonly keys = new Map<Label, Key>();
  /** The path from the root, kept inside of lists: there errors are told by the way taken, not by the vertex. */
  private path: Label[] | null = null;
  private readonly ctx: Evaluation;

  constructor(ctx: Evaluation) {
    this.ctx = ctx;
  }

  finish(): string {
    return this.flat.length === 0 ? this.text : this.flat.join('') + this.text;
  }

  /** All text is paid for when it is written: what is shared counts every time, so it cannot grow unseen. */
  private put(text: string): void {
    this.ctx.charge(text.length);
    this.text += text;
    if (this.text.length > LONGEST_TREE) this.flatten();
  }

  private flatten(): void {
    // Reading a character, here one that JSON never holds, is what makes a tree one text.
    if (this.text.charCodeAt(0) !== 0) this.flat.push(this.text);
    this.text = '';
  }

  write(value: Value, at: Vertex): Bottom | null {
    if (at.base === null && at.literal !== null) {
      // Data that nobody has looked into.
      this.outlined(at.literal.expr, null);
      return null;
    }
    const v = unwrap(at.base instanceof Disjunction ? defaultOf(at.base) : defaultOf(value));
    if (v instanceof Vertex) return this.composite(v, at);
    if (v instanceof Bottom) return placed(v, at);
    if (v.tag > LAST_SCALAR) return this.notConcrete(v, at);
    // The tag says that it is a scalar.
    this.scalar(v as Scalar);
    return null;
  }

  private scalar(v: Scalar): void {
    this.ctx.step();
    switch (v.tag) {
      case TAG_STRING:
        this.put(quoteJson(v.value));
        return;
      case TAG_NUM:
        this.put(formatNumber(v.value));
        return;
      case TAG_BOOL:
        this.put(v.value ? 'true' : 'false');
        return;
      case TAG_NULL:
        this.put('null');
        return;
      case TAG_BYTES:
        this.put(`"${encodeBase64(v.value)}"`);
        return;
      default:
        v satisfies never;
    }
  }

  private notConcrete(v: Value, at: Vertex): Bottom {
    const error = notConcrete(v, at);
    if (this.path === null) return error;
    return new Bottom(error.code, [{ ...error.issues[0]!, path: [...this.path] }], at);
  }

  private composite(vertex: Vertex, at: Vertex): Bottom | null {
    const v = vertex.deref();
    const { base, outline } = v;
    if (outline?.isConcrete) {
      this.outlined(outline.data, outline.schema);
      return null;
    }
    this.ctx.enter();
    let error: Bottom | null;
    if (base instanceof StructMarker) error = this.struct(v);
    else if (base instanceof ListMarker) error = this.list(v);
    else error = this.notConcrete(v, at);
    this.ctx.leave();
    return error;
  }

  private key(label: Label, isFirst: boolean): void {
    let key = this.keys.get(label);
    if (key === undefined) {
      const first = `${quoteJson(labelName(label))}:`;
      key = { first, next: `,${first}` };
      this.keys.set(label, key);
    }
    this.put(isFirst ? key.first : key.next);
  }

  private struct(v: Vertex): Bottom | null {
    for (let i = 0; i < v.arcs.length; i++) {
      if (v.arcs[i]!.arcType === ARC_REQUIRED) return missingField(v.arcs[i]!);
    }
    this.put('{');
    const fields = dataFields(v);
    for (let i = 0; i < fields.length; i++) {
      const a = fields[i]!;
      this.key(a.label, i === 0);
      const at = a.held();
      this.path?.push(at.label);
      const error = this.write(a, at);
      this.path?.pop();
      if (error !== null) return error;
    }
    this.put('}');
    return null;
  }

  private list(v: Vertex): Bottom | null {
    this.put('[');
    const outer = this.path;
    if (outer === null) this.path = pathOf(v);
    const elements = listElements(v);
    for (let i = 0; i < elements.length; i++) {
      const a = elements[i]!;
      if (i > 0) this.put(',');
      this.path!.push(a.label);
      const error = this.write(a, a.held());
      if (error !== null) return error;
      this.path!.pop();
    }
    this.path = outer;
    this.put(']');
    return null;
  }

  /** What an outline tells: data, or where there is none what its schema stands for. */
  private outlined(data: Expr | null, schema: Expr | null): void {
    const value = data ?? schema!;
    switch (value.tag) {
      case TAG_STRUCT:
        this.ctx.enter();
        this.put('{');
        this.outlinedFields(
          data === null ? null : value,
          schema !== null && schema.tag === TAG_STRUCT ? schema : null,
        );
        this.put('}');
        this.ctx.leave();
        return;
      case TAG_LIST: {
        this.ctx.enter();
        this.put('[');
        const element = schema !== null && schema.tag === TAG_LIST ? (schema.ellipsis?.value ?? null) : null;
        for (let i = 0; i < value.elements.length; i++) {
          if (i > 0) this.put(',');
          // There are no comprehensions in what is ground.
          const e = value.elements[i] as Expr;
          if (data === null) this.outlined(null, e);
          else this.outlined(e, element);
        }
        this.put(']');
        this.ctx.leave();
        return;
      }
      case TAG_DISJUNCTION_EXPR:
        // What is concrete has a literal for its default.
        this.scalar(value.plain!.values[0] as Scalar);
        return;
      default:
        // A ground value that is concrete and none of the above.
        this.scalar(value as Scalar);
    }
  }

  /** Fields stand in the order of the schema, and behind them those that it does not name, as linear-order.ts has it. */
  private outlinedFields(data: StructLit | null, schema: StructLit | null): void {
    let count = 0;
    let taken = 0;
    for (let i = 0; schema !== null && i < schema.decls.length; i++) {
      const d = schema.decls[i]!;
      if (d.tag !== TAG_FIELD) continue;
      const field = data === null ? null : data.fieldNamed(d.label);
      if (field !== null) taken++;
      else if (d.arcType !== ARC_MEMBER) continue;
      this.key(d.label, count++ === 0);
      this.outlined(field === null ? null : field.value, d.value);
    }
    if (data === null || taken === data.decls.length) return;
    const rest = schema === null ? null : patternOf(schema);
    for (let i = 0; i < data.decls.length; i++) {
      // Data is made of fields.
      const { label, value } = data.decls[i] as Field;
      if (taken > 0 && schema!.fieldNamed(label) !== null) continue;
      this.key(label, count++ === 0);
      this.outlined(value, rest);
    }
  }
}

/** An error that names no field is about the one it came from. */
function placed(error: Bottom, at: Vertex): Bottom {
  const isPlaced = (i: Issue) => i.path !== undefined || (hasPlace(i.node) && i.node?.parent !== null);
  if (error.issues.every(isPlaced)) return error;
  return new Bottom(
    error.code,
    error.issues.map((i) => (isPlaced(i) ? i : { ...i, node: at })),
    error.node,
  );
}

function notConcrete(v: Value, at: Vertex): Bottom {
  const place = 'place' in v ? v.place : null;
  const issue = {
    node: at,
    format: 'cannot convert incomplete value %v to JSON',
    args: [JSON.stringify(describe(v))],
    place,
    others: [],
  };
  return new Bottom('incomplete', [issue], at);
}
