/** Errors as data: where, what was wanted and what was found. */
import type { Bottom, Issue } from './bottom.ts';
import { MAX_ISSUES } from './bottom.ts';
import type { Place } from './compile/ir.ts';
import { describeArg } from './eval/describe.ts';
import type { Label } from './eval/label.ts';
import { isLet, labelText } from './eval/label.ts';
import { TAG_BOTTOM } from './eval/tag.ts';
import type { Vertex } from './eval/value.ts';
import { ARC_OPTIONAL, ARC_PENDING } from './eval/value.ts';
import { nearestName } from './nearest.ts';

export interface Position {
  readonly source: string;
  /** Both count from 1; the column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

/** One error as data. */
export interface Diagnostic {
  readonly code: Bottom['code'] | 'compile' | 'syntax';
  readonly path: readonly Label[];
  /** The path as CUE spells it; empty for the root. */
  readonly pathText: string;
  readonly message: string;
  /** The expression that failed, or the first of the places. */
  readonly position: Position | null;
  /** All places that took part, in the order of the text. */
  readonly positions: readonly Position[];
  /** Where the value is declared, for an error of which no expression is at fault. */
  readonly declared?: readonly Position[];
  /** The field that was probably meant where the one named does not exist. */
  readonly nearest?: string;
}

export function positionOf(place: Place): Position {
  const { text, name } = place.source;
  const offset = Math.max(0, place.node.start);
  let line = 1;
  let start = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
    line++;
    start = i + 1;
  }
  return { source: name, line, column: offset - start + 1 };
}

/** Whether a place is one of a text; data that was passed in stands behind the text's end. */
function isWritten(place: Place): boolean {
  return place.node.start >= 0 && place.node.start <= place.source.text.length;
}

/** The labels from the root to a vertex. */
export function pathOf(vertex: Vertex | null): Label[] {
  const path: Label[] = [];
  for (let v = vertex; v !== null && v.parent !== null; v = v.parent) {
    if (!isLet(v.label)) path.push(v.label);
  }
  return path.reverse();
}

export function pathText(path: readonly Label[]): string {
  return path.map(labelText).join('.');
}

/** Whether a vertex has a path: the roots of what expressions make on the way have none. */
export function hasPlace(vertex: Vertex | null): boolean {
  const v = vertex;
  if (v === null) return false;
  if (v.parent !== null) return true;
  return !v.isInline;
}

function messageOf(issue: Issue): string {
  let i = 0;
  return issue.format.replace(/%v/g, () => describeArg(issue.args[i++]));
}

/** How many places of one error are told. */
const MAX_PLACES = 64;

/** The issues of a bottom as diagnostics; one conflict is one of them. What fits no disjunct has a head before its issues. */
export function diagnosticsOf(bottom: Bottom, at: Vertex | null = null): Diagnostic[] {
  const seen = new Set<string>();
  const out: Diagnostic[] = [];
  for (const issue of bottom.issues.slice(0, MAX_ISSUES + 1)) {
    const own = issue.path ?? pathOf(hasPlace(issue.node) ? issue.node : at);
    // What is told of the whole program is told of the value that was asked.
    const path = own.length === 0 && at !== null ? pathOf(at) : own;
    const places = [...(issue.place === null ? [] : [issue.place]), ...issue.others];
    const positions = positionsOf(places);
    const position =
      issue.place === null || !isWritten(issue.place) ? (positions[0] ?? null) : positionOf(issue.place);
    const text = pathText(path);
    const message = messageOf(issue);
    const key = `${text}\n${message}\n${positions.map((p) => p.line).join(',')}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const nearest = issue.nearest?.() ?? null;
    const declared = positions.length > 0 ? [] : positionsOf(declarationsOf(issue.node ?? at));
    out.push({
      ...{ code: bottom.code, path, pathText: text, message, position, positions },
      ...(declared.length === 0 ? {} : { declared }),
      ...(nearest === null ? {} : { nearest }),
    });
  }
  return out;
}

/** The values that a vertex is declared with, or its fields where those are not in the text. */
function declarationsOf(vertex: Vertex | null): readonly Place[] {
  return (vertex?.conjuncts ?? []).flatMap((c) => {
    const place = 'place' in c.expr ? c.expr.place : null;
    return place ?? c.field?.place ?? [];
  });
}

function positionsOf(places: readonly Place[]): Position[] {
  return sorted(places.filter(isWritten).slice(0, MAX_PLACES).map(positionOf));
}

function sorted(positions: readonly Position[]): Position[] {
  const unique = new Map(positions.map((p) => [`${p.source}:${p.line}:${p.column}`, p]));
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The label among a vertex' fields that a mistyped one probably meant. */
export function nearestField(vertex: Vertex, name: string): string | null {
  return nearestName(name, adviceOf(vertex.deref()));
}

function* adviceOf(v: Vertex): Generator<string> {
  for (const a of v.arcs) {
    if (typeof a.label !== 'string' || a.arcType >= ARC_PENDING || a.arcType > ARC_OPTIONAL) continue;
    // A field that was refused itself is no advice.
    if (a.base !== null && a.base.tag === TAG_BOTTOM && a.base.closeCheck) continue;
    yield labelText(a.label);
  }
}
