/**
 * The tree that both readers (YAML, JSON) build: values with the offset where each stands, so that an issue can
 * name line and column. Aliases share a node; turning the tree into data counts what they expand to.
 */

import type { JsonDraft, JsonValue } from '../../json.ts';
import { put } from '../../json.ts';
import type { Issue, Span } from '../../result.ts';
import { pointer } from '../../result.ts';

export type TextNode = ScalarNode | MapNode | SeqNode;
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly start: number;
  readonly value: null | boolean | number | string;
}
export interface MapNode {
  readonly kind: 'map';
  readonly start: number;
  readonly entries: readonly MapEntry[];
}
export type MapEntry =
  | { readonly kind: 'entry'; readonly key: string; readonly start: number; readonly value: TextNode }
  /** YAML's `<<`: the maps whose entries go in here, the one to win last. */
  | { readonly kind: 'merge'; readonly start: number; readonly from: readonly MapNode[] };
export interface SeqNode {
  readonly kind: 'seq';
  readonly start: number;
  readonly items: readonly TextNode[];
}

export interface TextLimits {
  /** Of the text in UTF-8. */
  readonly bytes: number;
  readonly depth: number;
  /** Values after aliases and merges are written out. */
  readonly nodes: number;
}

export const defaultTextLimits: TextLimits = { bytes: 1_048_576, depth: 128, nodes: 200_000 };

/** A text with a name, and line and column of its offsets. */
export class NamedText {
  readonly name: string;
  readonly text: string;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  spanAt(offset: number): Span {
    let line = 1;
    let lineStart = 0;
    for (let i = this.text.indexOf('\n'); i >= 0 && i < offset; i = this.text.indexOf('\n', i + 1)) {
      line += 1;
      lineStart = i + 1;
    }
    return { source: this.name, line, column: offset - lineStart + 1 };
  }
}

/** What stops a document from being read. */
export class TextRefusal {
  readonly issue: Issue;
  constructor(issue: Issue) {
    this.issue = issue;
  }
}

/** Counts nodes of one text; `take` answers false once the limit is passed. */
export class NodeBudget {
  #left: number;
  constructor(nodes: number) {
    this.#left = nodes;
  }
  take(): boolean {
    this.#left -= 1;
    return this.#left >= 0;
  }
}

interface Conversion {
  readonly text: NamedText;
  readonly limits: TextLimits;
  readonly budget: NodeBudget;
  readonly warnings: Issue[];
}

/**
 * The tree as JSON data, or a refusal if aliases expand past the limits. Of equal keys the last wins, with a
 * warning for each that is lost.
 */
export function treeToJson(
  root: TextNode,
  text: NamedText,
  limits: TextLimits,
  budget: NodeBudget,
): { readonly value: JsonValue | TextRefusal; readonly warnings: readonly Issue[] } {
  const conversion: Conversion = { text, limits, budget, warnings: [] };
  return { value: convert(root, [], conversion), warnings: conversion.warnings };
}

function convert(node: TextNode, path: (string | number)[], run: Conversion): JsonValue | TextRefusal {
  if (!run.budget.take())
    return refuse('text-too-many-values', node, path, run, `more than ${run.limits.nodes} values`);
  if (node.kind === 'scalar') return node.value;
  if (path.length >= run.limits.depth)
    return refuse('text-too-deep', node, path, run, `nested deeper than ${run.limits.depth}`);
  if (node.kind === 'seq') return convertSeq(node, path, run);
  return convertMap(node, path, run);
}

function convertSeq(node: SeqNode, path: (string | number)[], run: Conversion): JsonValue | TextRefusal {
  const out: JsonValue[] = [];
  for (const [i, item] of node.items.entries()) {
    path.push(i);
    const value = convert(item, path, run);
    path.pop();
    if (value instanceof TextRefusal) return value;
    out.push(value);
  }
  return out;
}

function convertMap(node: MapNode, path: (string | number)[], run: Conversion): JsonValue | TextRefusal {
  const out: JsonDraft = {};
  const seen = new Map<string, number>();
  for (const entry of node.entries) {
    if (entry.kind === 'merge') {
      for (const source of entry.from) {
        const merged = convertMap(source, path, run);
        if (merged instanceof TextRefusal) return merged;
        for (const [k, v] of Object.entries(merged as JsonDraft)) {
          if (!run.budget.take())
            return refuse('text-too-many-values', entry, path, run, `more than ${run.limits.nodes} values`);
          put(out, k, v);
        }
      }
      continue;
    }
    path.push(entry.key);
    const first = seen.get(entry.key);
    if (first !== undefined) run.warnings.push(duplicateKey(entry.key, entry.start, first, path, run));
    seen.set(entry.key, entry.start);
    const value = convert(entry.value, path, run);
    path.pop();
    if (value instanceof TextRefusal) return value;
    put(out, entry.key, value);
  }
  return out;
}

function duplicateKey(
  key: string,
  start: number,
  first: number,
  path: readonly (string | number)[],
  run: Conversion,
): Issue {
  return {
    code: 'duplicate-key',
    path: pointer(path),
    message: `The key ${JSON.stringify(key)} is given twice; the last one counts, the one in line ${run.text.spanAt(first).line} is ignored.`,
    span: run.text.spanAt(start),
  };
}

function refuse(
  code: string,
  node: { readonly start: number },
  path: readonly (string | number)[],
  run: Conversion,
  what: string,
): TextRefusal {
  return new TextRefusal({
    code,
    path: pointer(path.slice(0, 8)),
    message: `The document is too large: ${what}.`,
    span: run.text.spanAt(node.start),
  });
}

/** The offset of the value at `path`, or of the deepest part of the path that exists. */
export function offsetOf(root: TextNode, path: readonly (string | number)[]): number {
  let node = root;
  let offset = root.start;
  for (const step of path) {
    if (node.kind === 'seq') {
      const item = node.items[Number(step)];
      if (item === undefined) return offset;
      node = item;
      offset = item.start;
    } else if (node.kind === 'map') {
      const entry = node.entries.findLast((e) => e.kind === 'entry' && e.key === String(step));
      if (entry === undefined || entry.kind !== 'entry') return offset;
      node = entry.value;
      offset = entry.start;
    } else return offset;
  }
  return offset;
}
