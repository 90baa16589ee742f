/** JSON text of a value, byte for byte as CUE's MarshalJSON writes it. */
import { Bottom } from '../bottom.ts';
import { hasPlace, pathOf } from '../diagnostic.ts';
import { defaultOf } from '../eval/default.ts';
import { describe } from '../eval/describe.ts';
import type { Evaluation } from '../eval/evaluation.ts';
import { listElements, unwrap } from '../eval/expr.ts';
import { dataFields } from '../eval/fields.ts';
import type { Label } from '../eval/label.ts';
import { labelName } from '../eval/label.ts';
import {
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_BYTES,
  TAG_LIST_MARKER,
  TAG_NULL,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT_MARKER,
  TAG_VERTEX,
} from '../eval/tag.ts';
import { missingField } from '../eval/validate.ts';
import type { Value, Vertex } from '../eval/value.ts';
import { ARC_REQUIRED } from '../eval/value.ts';
import { formatNumber } from '../number/number.ts';
import { encodeBase64 } from '../std/base64-text.ts';
import { quoteJson } from '../std/json-text.ts';

/** The text, or the first error: something incomplete, a missing required field, an error inside. */
export function toJson(ctx: Evaluation, v: Vertex): string | Bottom {
  const out = new Writer(ctx);
  const error = out.write(v, v.deref());
  if (error !== null) return error;
  return out.text;
}

class Writer {
  text = '';
  private charged = 0;
  private readonly keys = new Map<Label, string>();
  /** The path from the root, kept inside of lists: there errors are told by the way taken, not by the vertex. */
  private path: Label[] | null = null;
  private readonly ctx: Evaluation;

  constructor(ctx: Evaluation) {
    this.ctx = ctx;
  }

  write(value: Value, at: Vertex): Bottom | null {
    const v = unwrap(defaultOf(value));
    switch (v.tag) {
      case TAG_NULL:
        this.text += 'null';
        return null;
      case TAG_BOOL:
        this.text += v.value ? 'true' : 'false';
        return null;
      case TAG_NUM:
        this.text += formatNumber(v.value);
        return null;
      case TAG_STRING:
        this.text += quoteJson(v.value);
        return null;
      case TAG_BYTES:
        this.text += `"${encodeBase64(v.value)}"`;
        return null;
      case TAG_BOTTOM:
        return placed(v, at);
      case TAG_VERTEX:
        return this.composite(v, at);
      default:
        return this.notConcrete(v, at);
    }
  }

  private notConcrete(v: Value, at: Vertex): Bottom {
    const error = notConcrete(v, at);
    if (this.path === null) return error;
    return new Bottom(error.code, [{ ...error.issues[0]!, path: [...this.path] }], at);
  }

  private composite(vertex: Vertex, at: Vertex): Bottom | null {
    const v = vertex.deref();
    const base = v.base;
    this.ctx.enter();
    const before = this.text.length;
    let error: Bottom | null;
    if (base !== null && base.tag === TAG_STRUCT_MARKER) error = this.struct(v);
    else if (base !== null && base.tag === TAG_LIST_MARKER) error = this.list(v);
    else error = this.notConcrete(v, at);
    this.ctx.leave();
    this.charge(before);
    return error;
  }

  private key(label: Label): string {
    let text = this.keys.get(label);
    if (text === undefined) {
      text = `${quoteJson(labelName(label))}:`;
      this.keys.set(label, text);
    }
    return text;
  }

  /** What a shared vertex says counts every time it is written, so the text cannot grow unseen. */
  private charge(before: number): void {
    const grown = this.text.length - Math.max(before, this.charged);
    if (grown <= 0) return;
    this.ctx.charge(grown);
    this.charged = this.text.length;
  }

  private struct(v: Vertex): Bottom | null {
    for (let i = 0; i < v.arcs.length; i++) {
      if (v.arcs[i]!.arcType === ARC_REQUIRED) return missingField(v.arcs[i]!);
    }
    this.text += '{';
    const fields = dataFields(v);
    for (let i = 0; i < fields.length; i++) {
      const a = fields[i]!;
      if (i > 0) this.text += ',';
      this.text += this.key(a.label);
      const at = a.deref();
      this.path?.push(at.label);
      const error = this.write(a, at);
      this.path?.pop();
      if (error !== null) return error;
    }
    this.text += '}';
    return null;
  }

  private list(v: Vertex): Bottom | null {
    this.text += '[';
    const outer = this.path;
    if (outer === null) this.path = pathOf(v);
    const elements = listElements(v);
    for (let i = 0; i < elements.length; i++) {
      const a = elements[i]!;
      if (i > 0) this.text += ',';
      this.path!.push(a.label);
      const error = this.write(a, a.deref());
      if (error !== null) return error;
      this.path!.pop();
    }
    this.path = outer;
    this.text += ']';
    return null;
  }
}

/** An error that names no place is about the field it came from. */
function placed(error: Bottom, at: Vertex): Bottom {
  if (error.issues.every((i) => i.path !== undefined || hasPlace(i.node))) return error;
  return new Bottom(
    error.code,
    error.issues.map((i) => (i.path !== undefined || hasPlace(i.node) ? i : { ...i, node: at })),
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
