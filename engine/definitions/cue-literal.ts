/** The data that a CUE expression writes down literally, without evaluating anything. */
import type { Ast } from '../cue/index.ts';
import type { JsonDraft, JsonValue } from '../json.ts';
import { isObject, own, put } from '../json.ts';

/** The value, or undefined where the expression is more than structs, lists and scalars. */
export function literalValue(expr: Ast.Expr): JsonValue | undefined {
  switch (expr.type) {
    case 'null':
      return null;
    case 'bool':
    case 'string':
      return expr.value;
    case 'number':
      return numberValue(expr.raw);
    case 'paren':
      return literalValue(expr.inner);
    case 'unary': {
      const value = expr.op === '-' || expr.op === '+' ? literalValue(expr.operand) : undefined;
      return typeof value === 'number' ? (expr.op === '-' ? -value : value) : undefined;
    }
    case 'list':
      return listValue(expr);
    case 'struct':
      return structValue(expr);
    default:
      return undefined;
  }
}

function numberValue(raw: string): number | undefined {
  const value = Number(raw.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

function listValue(expr: Ast.ListLit): JsonValue | undefined {
  const out: JsonValue[] = [];
  for (const element of expr.elements) {
    if (element.type === 'comprehension' || element.type === 'ellipsis') return undefined;
    const value = literalValue(element);
    if (value === undefined) return undefined;
    out.push(value);
  }
  return out;
}

/** Fields of one name are merged if they are structs; other repetitions are not literal. */
function structValue(expr: Ast.StructLit): JsonValue | undefined {
  const out: JsonDraft = {};
  for (const decl of expr.decls) {
    if (decl.type === 'attribute' || decl.type === 'ellipsis') continue;
    if (decl.type !== 'field' || decl.constraint !== 'regular') return undefined;
    const name =
      decl.label.type === 'ident' ? decl.label.name : decl.label.type === 'string' ? decl.label.value : null;
    const value = literalValue(decl.value);
    if (name === null || value === undefined) return undefined;
    const before = own(out, name);
    if (before === undefined) put(out, name, value);
    else if (isObject(before) && isObject(value)) put(out, name, { ...before, ...value });
    else return undefined;
  }
  return out;
}
