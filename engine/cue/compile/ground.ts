/**
 * Which expressions are ground: made of literals, types and plain disjunctions alone, so that what they come to
 * depends on nothing else and can be told without evaluating anything (eval/outline.ts).
 */
import { STRING_KIND } from '../eval/kind.ts';
import { isRegular } from '../eval/label.ts';
import {
  TAG_BOOL,
  TAG_BYTES,
  TAG_DISJUNCTION_EXPR,
  TAG_ELLIPSIS,
  TAG_FIELD,
  TAG_LIST,
  TAG_NUM,
  TAG_PATTERN_FIELD,
  TAG_STRING,
  TAG_STRUCT,
  TAG_TOP,
  TAG_TYPE,
} from '../eval/tag.ts';
import type { Scalar, SimpleValue, TypeValue } from '../eval/value.ts';
import { Disjunction } from '../eval/value.ts';
import type { Comprehension, Decl, Disjunct, Ellipsis, Expr } from './ir.ts';

/** The value of a disjunction of different literals and types; null for any other. */
export function plainDisjunction(disjuncts: readonly Disjunct[], hasDefaults: boolean): Disjunction | null {
  const values: SimpleValue[] = [];
  const seen = new Set<unknown>();
  let numbers = 0;
  let decimals = 0;
  let defaults = 0;
  for (let i = 0; i < disjuncts.length; i++) {
    const { value, isDefault } = disjuncts[i]!;
    if (value.tag > TAG_TYPE || value.tag === TAG_BYTES) return null;
    // The tag is that of a literal or a type.
    const simple = value as Scalar | TypeValue;
    seen.add(identityOf(simple));
    if (seen.size !== i + 1) return null;
    if (simple.tag === TAG_NUM) {
      numbers++;
      if (typeof simple.value !== 'bigint') decimals++;
      // Two ways to write a number may be one number.
      if (decimals > 0 && numbers > 1) return null;
    }
    if (isDefault) values.splice(defaults++, 0, simple);
    else values.push(simple);
  }
  // Where several defaults stand, or one behind others, the order of the rest is not that of the text.
  if (defaults > 1 || (defaults === 1 && values.length > 2 && !disjuncts[0]!.isDefault)) return null;
  return values.length < 2 ? null : new Disjunction(values, defaults, hasDefaults);
}

/** What makes a literal or a type: of another type of JavaScript for each kind of them. */
function identityOf(x: Scalar | TypeValue): unknown {
  if (x.tag === TAG_TYPE) return x.kind;
  return x.tag === TAG_NUM || x.tag === TAG_STRING || x.tag === TAG_BOOL ? x.value : null;
}

function isGround(x: Decl): boolean {
  // Literals, types and `_` come first.
  if (x.tag <= TAG_TOP) return true;
  if (x.tag === TAG_DISJUNCTION_EXPR) return x.plain !== null;
  return (x.tag === TAG_STRUCT || x.tag === TAG_LIST) && x.isGround;
}

/** Whether a struct has ground fields of different regular names or one ground pattern for all names, and else only `...`. */
export function hasGroundDecls(decls: readonly Decl[]): boolean {
  let fields = 0;
  let patterns = 0;
  for (const d of decls) {
    if (d.tag === TAG_ELLIPSIS) {
      if (d.value !== null) return false;
    } else if (d.tag === TAG_FIELD) {
      if (!isRegular(d.label) || !isGround(d.value)) return false;
      fields++;
    } else if (d.tag === TAG_PATTERN_FIELD) {
      const { tag } = d.pattern;
      if (tag !== TAG_TOP && !(d.pattern.tag === TAG_TYPE && d.pattern.kind === STRING_KIND)) return false;
      if (!isGround(d.value)) return false;
      patterns++;
    } else return false;
  }
  if (patterns > 0) return patterns === 1 && fields === 0;
  return fields < 2 || new Set(decls.map((d) => (d.tag === TAG_FIELD ? d.label : d))).size === decls.length;
}

/** Whether a list has ground elements, or none and a ground ellipsis. */
export function hasGroundElements(
  elements: readonly (Expr | Comprehension)[],
  ellipsis: Ellipsis | null,
): boolean {
  if (ellipsis !== null)
    return elements.length === 0 && (ellipsis.value === null || isGround(ellipsis.value));
  return elements.every(isGround);
}
