/** Whether two syntax trees say the same, and how comments that are in the way can be moved aside. */

import { compare, numberKind } from '../number/number.ts';
import type * as Ast from './ast.ts';
import { isLiteralError, readNumber } from './literal.ts';

/** Keys that say where or how something was written, not what. */
const WRITING: ReadonlySet<string> = new Set([
  'start',
  'end',
  'opStart',
  'comments',
  'raws',
  'quote',
  'chained',
  'source',
  'preamble',
]);

interface Pair {
  readonly a: unknown;
  readonly b: unknown;
}

/** Whether two files mean the same and have the same doc comments. */
export function isSameFile(a: Ast.File, b: Ast.File): boolean {
  const open: Pair[] = [{ a, b }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    if (!isSameNode(unwrapped(pair.a), unwrapped(pair.b), open)) return false;
  }
  return true;
}

/** What parentheses in parentheses hold. */
function unwrapped(value: unknown): unknown {
  let node = value;
  while (isNode(node) && node.type === 'paren' && node.inner.type === 'paren') node = node.inner;
  return node;
}

function isNode(value: unknown): value is Ast.Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Compares two values but for their parts, which come to `open`. */
function isSameNode(a: unknown, b: unknown, open: Pair[]): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (const [i, value] of a.entries()) open.push({ a: value, b: b[i] });
    return true;
  }
  if (a instanceof Uint8Array) {
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  }
  if (!isNode(a) || !isNode(b)) return false;
  if (a.type !== b.type) return false;
  if (a.type === 'number' && b.type === 'number') return isSameNumber(a.raw, b.raw);
  if (a.type === 'string' || a.type === 'bytes') return literalPairs(a, b, open);
  if (a.type === 'ellipsis' && b.type === 'ellipsis') {
    open.push({ a: openEnd(a), b: openEnd(b) });
    return true;
  }
  if (a.type === 'field' && docsOf(a) !== docsOf(b)) return false;
  for (const [key, value] of Object.entries(a)) {
    const isSource = key === 'source' && a.type === 'for';
    // Nodes are plain data, walked by their keys; a key that `b` lacks compares as absent.
    if (!WRITING.has(key) || isSource)
      open.push({ a: value, b: (b as unknown as Record<string, unknown>)[key] });
  }
  return true;
}

function literalPairs(a: Ast.StringLit | Ast.BytesLit, b: Ast.Node, open: Pair[]): boolean {
  if (b.type !== 'string' && b.type !== 'bytes') return false;
  open.push({ a: a.value, b: b.value });
  return true;
}

/** `..._` says no more than `...`. */
function openEnd({ value }: Ast.Ellipsis): Ast.Expr | null {
  return value?.type === 'ident' && value.name === '_' ? null : value;
}

function docsOf(node: Ast.NodeBase): string {
  const docs = (node.comments ?? []).filter(({ place }) => place === 'doc');
  return docs.map(({ lines }) => lines.join('\n')).join('\n\n');
}

function isSameNumber(a: string, b: string): boolean {
  const x = readNumber(a);
  const y = readNumber(b);
  if (isLiteralError(x) || isLiteralError(y)) return a === b;
  return numberKind(x) === numberKind(y) && compare(x, y) === 0;
}

/** Whether two files have the same comment lines, wherever these stand. */
export function haveSameComments(a: Ast.File, b: Ast.File): boolean {
  return commentText(a) === commentText(b);
}

function commentText(file: Ast.File): string {
  const lines: string[] = [];
  const open: unknown[] = [file];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
    if ('lines' in value && Array.isArray(value.lines))
      for (const line of value.lines) lines.push(String(line).trim());
    for (const [key, child] of Object.entries(value))
      if (key !== 'imports' && key !== 'lines') open.push(child);
  }
  return lines.sort().join('\n');
}

/**
 * The file with the comments that stand inside expressions moved behind the declarations that these belong to:
 * each becomes, or joins, the comment at the end of the declaration's line.
 */
export function hoistComments(file: Ast.File): Ast.File {
  return { ...file, decls: file.decls.map(hoistDecl) };
}

function hoistDecl(decl: Ast.Decl): Ast.Decl {
  const found: Ast.CommentGroup[] = [];
  const bare = stripParts(decl, found) as Ast.Decl; // stripping keeps the type
  const own = decl.comments ?? [];
  if (found.length === 0) return own.length === 0 ? bare : { ...bare, comments: own };
  const behind = own.filter(({ place }) => place === 'line');
  const before = own.filter(({ place }) => place !== 'line');
  const texts = [...behind, ...found].flatMap(({ lines }) => lines);
  const line: Ast.CommentGroup = {
    lines: [texts.join(' //')],
    place: 'line',
    position: 100,
    gap: 'blank',
    start: -1,
    end: -1,
  };
  return { ...bare, comments: [...before, line] };
}

/** A copy of a node without comments in it; those of declarations stay with these. */
function stripParts(node: object, found: Ast.CommentGroup[]): object {
  if (isNode(node) && node.type === 'binary') return stripChain(node, found);
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) if (key !== 'comments') copy[key] = strip(value, found);
  return copy;
}

function strip(value: unknown, found: Ast.CommentGroup[]): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((one) => strip(one, found));
  if (isNode(value)) {
    if (isDeclaration(value)) return hoistDecl(value);
    if (value.type !== 'binary') found.push(...(value.comments ?? []));
  }
  return stripParts(value, found);
}

/** Operators lean to the left, perhaps by thousands: the left side is followed in a loop. */
function stripChain(expr: Ast.BinaryExpr, found: Ast.CommentGroup[]): object {
  const levels: Ast.BinaryExpr[] = [];
  let at: Ast.Expr = expr;
  for (; at.type === 'binary'; at = at.left) levels.push(at);
  let left = strip(at, found) as Ast.Expr; // stripping keeps the type
  for (const level of levels.reverse()) {
    found.push(...(level.comments ?? []));
    const { comments: _comments, ...rest } = level;
    left = { ...rest, left, right: strip(level.right, found) as Ast.Expr };
  }
  return left;
}

function isDeclaration(node: Ast.Node): node is Ast.Decl {
  switch (node.type) {
    case 'field':
    case 'embedding':
    case 'let':
    case 'attribute':
      return true;
    default:
      return false;
  }
}
