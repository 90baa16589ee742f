/**
 * Text to manifests: one or several YAML documents, JSON, and Lists, as `kubectl apply -f` takes them
 * (Kubernetes: sigs.k8s.io/yaml, YAML 1.1), under caps.
 */
import type { JsonObject } from '../json.ts';
import { isArray, isObject, utf8Length } from '../json.ts';
import type { Issue, Result, Span } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import { readJson } from './text/json.ts';
import type { TextLimits, TextNode } from './text/tree.ts';
import { defaultTextLimits, NamedText, NodeBudget, offsetOf, TextRefusal, treeToJson } from './text/tree.ts';
import { readYaml } from './text/yaml.ts';

/** One object of the text, and a way back to where its parts stand. */
export interface Manifest {
  readonly value: JsonObject;
  /** Counted from 0 over all documents, the items of a List one by one. */
  readonly index: number;
  /** Line and column of a part, given as keys and indices. */
  locate(path: readonly (string | number)[]): Span;
}

export interface ReadOptions {
  /** The name that spans show, e.g. `application.yaml`. */
  readonly source?: string;
  readonly limits?: TextLimits;
}

/**
 * Reads a text. Refusals (`text-too-large`, `text-too-deep`, `text-too-many-values`, `yaml-syntax`,
 * `json-syntax`, `not-an-object`, `empty-document`) name line and column; duplicate keys are warnings.
 */
export function readManifests(content: string, options: ReadOptions = {}): Result<readonly Manifest[]> {
  const limits = options.limits ?? defaultTextLimits;
  const text = new NamedText(options.source ?? 'document', content);
  if (utf8Length(content) > limits.bytes) {
    return fail({
      code: 'text-too-large',
      path: '',
      message: `The document is larger than ${limits.bytes} bytes.`,
    });
  }
  const trees = readTrees(text, limits);
  if (trees instanceof TextRefusal) return fail(trees.issue);
  const budget = new NodeBudget(limits.nodes);
  const warnings: Issue[] = [];
  const manifests: Manifest[] = [];
  for (const tree of trees) {
    const read = treeToJson(tree, text, limits, budget);
    if (read.value instanceof TextRefusal) return fail(read.value.issue);
    warnings.push(...read.warnings);
    if (!isObject(read.value)) return fail(notAnObject(text, tree.start));
    const problem = collect(read.value, { tree, text }, [], manifests);
    if (problem !== null) return fail(problem);
  }
  if (manifests.length === 0) {
    return fail({
      code: 'empty-document',
      path: '',
      message: 'The document holds no object.',
      span: text.spanAt(0),
    });
  }
  return ok(manifests, warnings);
}

function readTrees(text: NamedText, limits: TextLimits): readonly TextNode[] | TextRefusal {
  if (/^\uFEFF?[ \t\r\n]*[{[]/.test(text.text)) {
    const json = readJson(text, limits);
    if (!(json instanceof TextRefusal)) return [json];
    // A flow mapping of YAML begins like JSON; its own syntax error is the better one if YAML fails as well.
    const yaml = readYaml(text, limits);
    return yaml instanceof TextRefusal && json.issue.code !== 'json-syntax' ? json : yaml;
  }
  return readYaml(text, limits);
}

function collect(
  value: JsonObject,
  from: { readonly tree: TextNode; readonly text: NamedText },
  prefix: readonly (string | number)[],
  into: Manifest[],
): Issue | null {
  const kind = value['kind'];
  const items = value['items'];
  const isList = typeof kind === 'string' && kind.endsWith('List') && isArray(items);
  if (!isList) {
    const locate = (path: readonly (string | number)[]): Span =>
      from.text.spanAt(offsetOf(from.tree, [...prefix, ...path]));
    into.push({ value, index: into.length, locate });
    return null;
  }
  for (const [i, item] of items.entries()) {
    const path = [...prefix, 'items', i];
    if (!isObject(item)) return { ...notAnObject(from.text, offsetOf(from.tree, path)), path: pointer(path) };
    const problem = collect(item, from, path, into);
    if (problem !== null) return problem;
  }
  return null;
}

function notAnObject(text: NamedText, offset: number): Issue {
  return {
    code: 'not-an-object',
    path: '',
    message: 'Each document must be an object with apiVersion and kind.',
    span: text.spanAt(offset),
  };
}
