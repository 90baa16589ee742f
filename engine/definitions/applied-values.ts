/** What a workflow step's template hands to the calls that apply objects, as it is written. */
import type { Ast } from '../cue/index.ts';

/** The calls of `vela/kube` and of the older `vela/op` that apply objects. */
const applying: ReadonlySet<string> = new Set(['#Apply', '#ApplyInParallel', '#ApplyInParallelWithCluster']);

/** The expressions for `value` of every such call, in any branch. */
export function appliedValues(file: Ast.File): readonly Ast.Expr[] {
  return file.decls.flatMap(ofDecl);
}

function ofDecl(decl: Ast.Decl): readonly Ast.Expr[] {
  switch (decl.type) {
    case 'field':
    case 'let':
      return ofExpr(decl.value);
    case 'embedding':
      return ofExpr(decl.expr);
    case 'comprehension':
      return ofExpr(decl.value);
    default:
      return [];
  }
}

function ofExpr(expr: Ast.Expr): readonly Ast.Expr[] {
  switch (expr.type) {
    case 'struct':
      return expr.decls.flatMap(ofDecl);
    case 'paren':
      return ofExpr(expr.inner);
    case 'alias':
      return ofExpr(expr.value);
    case 'binary':
      if (isApplying(expr.left)) return valuesIn(expr.right);
      return isApplying(expr.right) ? valuesIn(expr.left) : [...ofExpr(expr.left), ...ofExpr(expr.right)];
    default:
      return [];
  }
}

const isApplying = (expr: Ast.Expr): boolean =>
  expr.type === 'selector' && expr.selector.type === 'ident' && applying.has(expr.selector.name);

/** `{$params: {value: …}}`, `{$params: parameter}` and, of the older calls, `{value: …}`. */
function valuesIn(call: Ast.Expr): readonly Ast.Expr[] {
  const parameters = fieldsNamed(call, '$params');
  return parameters.length === 0
    ? fieldsNamed(call, 'value')
    : parameters.flatMap((one) => (one.type === 'struct' ? fieldsNamed(one, 'value') : [one]));
}

function fieldsNamed(struct: Ast.Expr, name: string): readonly Ast.Expr[] {
  if (struct.type !== 'struct') return [];
  return struct.decls.flatMap((decl) => {
    if (decl.type === 'comprehension') return fieldsNamed(decl.value, name);
    const isNamed = decl.type === 'field' && decl.label.type === 'ident' && decl.label.name === name;
    return isNamed ? [decl.value] : [];
  });
}
