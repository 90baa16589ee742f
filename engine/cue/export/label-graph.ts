/**
 * A graph of labels in which an edge says "comes before", and its order: topological, the lowest label first
 * where there is a choice. Labels that lie on a cycle together come together, in the order of their names.
 */
import type { Label } from '../eval/label.ts';
import { isHidden, labelName } from '../eval/label.ts';
import { compareText } from '../std/utf8.ts';

/** A label, or a joint: a nameless node that stands for the edges from each label before it to each behind it. */
interface Node {
  readonly label: Label | null;
  readonly outgoing: Node[];
  readonly incoming: Node[];
  /** The nodes of `outgoing`, once they are many. */
  targets: Set<Node> | null;
  waitsFor: number;
  component: Component | null;
}

function newNode(label: Label | null): Node {
  return { label, outgoing: [], incoming: [], targets: null, waitsFor: 0, component: null };
}

/** Labels that lie on cycles together; most often a single one. */
interface Component {
  readonly nodes: readonly Node[];
  readonly labels: readonly Label[];
  waitsFor: number;
}

export class LabelGraph {
  private readonly nodes: Node[] = [];
  private readonly byLabel = new Map<Label, Node>();

  has(label: Label): boolean {
    return this.byLabel.has(label);
  }

  ensure(label: Label): void {
    this.node(label);
  }

  /** Puts every label of `before` before `after`. Several share one joint, so that edges stay few. */
  order(before: Front, after: Label): void {
    const target = this.node(after);
    if (before.labels.length <= 1) {
      for (const label of before.labels) this.edge(this.node(label), target);
      return;
    }
    before.joint ??= this.joint(before.labels);
    this.edge(before.joint, target);
  }

  private joint(labels: readonly Label[]): Node {
    const joint = newNode(null);
    this.nodes.push(joint);
    for (const label of labels) this.edge(this.node(label), joint);
    return joint;
  }

  private node(label: Label): Node {
    let node = this.byLabel.get(label);
    if (node === undefined) {
      node = newNode(label);
      this.byLabel.set(label, node);
      this.nodes.push(node);
    }
    return node;
  }

  private edge(from: Node, to: Node): void {
    const { outgoing } = from;
    if (from.targets === null && outgoing.length > FEW) from.targets = new Set(outgoing);
    if (from.targets === null ? outgoing.includes(to) : from.targets.has(to)) return;
    from.targets?.add(to);
    outgoing.push(to);
    to.incoming.push(from);
  }

  /** All labels in order. */
  sorted(): Label[] {
    return this.withoutCycles() ?? this.withCycles();
  }

  /** All labels in order where there is no cycle, else null. */
  private withoutCycles(): Label[] | null {
    const ready = new ReadyQueue(compareNodes);
    for (const node of this.nodes) {
      node.waitsFor = node.incoming.length;
      if (node.waitsFor === 0) ready.add(node);
    }
    const out: Label[] = [];
    let count = 0;
    for (let next = ready.take(); next !== null; next = ready.take()) {
      count++;
      if (next.label !== null) out.push(next.label);
      for (const to of next.outgoing) if (--to.waitsFor === 0) ready.add(to);
    }
    return count === this.nodes.length ? out : null;
  }

  private withCycles(): Label[] {
    const components = findComponents(this.nodes);
    const ready = new ReadyQueue(compareComponents);
    for (const component of components) {
      component.waitsFor = countIncoming(component);
    }
    for (const component of components) if (component.waitsFor === 0) ready.add(component);
    const out: Label[] = [];
    for (let next = ready.take(); next !== null; next = ready.take()) {
      out.push(...next.labels);
      for (const successor of successors(next)) {
        successor.waitsFor--;
        if (successor.waitsFor === 0) ready.add(successor);
      }
    }
    return out;
  }
}

/** Edges of a node that are searched one by one. */
const FEW = 8;

/** Labels behind which others come, with the joint they share once there is one. */
export class Front {
  readonly labels: readonly Label[];
  joint: Node | null = null;
  constructor(labels: readonly Label[]) {
    this.labels = labels;
  }
}

function countIncoming(component: Component): number {
  const before = new Set<Component | null>();
  for (const node of component.nodes) for (const from of node.incoming) before.add(from.component);
  before.delete(component);
  return before.size;
}

function successors(component: Component): Set<Component> {
  const behind = new Set<Component>();
  for (const node of component.nodes) {
    for (const to of node.outgoing) if (to.component !== null) behind.add(to.component);
  }
  behind.delete(component);
  return behind;
}

/** List indices first, by number; then names, by their bytes. */
export function compareLabels(a: Label, b: Label): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  return typeof b === 'number' ? 1 : compareText(rawName(a), rawName(b));
}

/** A hidden label is longer by the package it belongs to, and so comes behind a field of the same name. */
function rawName(label: string): string {
  return isHidden(label) ? `${labelName(label)}\0` : labelName(label);
}

function compareComponents(a: Component, b: Component): number {
  const length = Math.min(a.labels.length, b.labels.length);
  for (let i = 0; i < length; i++) {
    const order = compareLabels(a.labels[i] as Label, b.labels[i] as Label); // i is below both lengths
    if (order !== 0) return order;
  }
  return a.labels.length - b.labels.length;
}

/** A joint has no labels and so comes at once. */
function compareNodes(a: Node, b: Node): number {
  if (a.label === null) return b.label === null ? 0 : -1;
  return b.label === null ? 1 : compareLabels(a.label, b.label);
}

/** Those whose turn has come: a binary heap, the lowest on top. */
class ReadyQueue<T> {
  private readonly heap: T[] = [];
  private readonly compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  add(item: T): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up] as T; // up is below at
      if (this.compare(parent, item) <= 0) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = item;
  }

  take(): T | null {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined) return null;
    if (heap.length > 0) this.sink(last);
    return top;
  }

  private sink(item: T): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      const right = heap[down + 1];
      let child = heap[down];
      if (child === undefined) break;
      if (right !== undefined && this.compare(right, child) < 0) {
        child = right;
        down++;
      }
      if (this.compare(item, child) <= 0) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = item;
  }
}

/** Where the search stands at a node: the edge to follow next. */
interface Visit {
  readonly node: Node;
  next: number;
}

/** Strongly connected components (Tarjan's algorithm, with a stack of its own instead of the machine's). */
function findComponents(nodes: readonly Node[]): Component[] {
  const components: Component[] = [];
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const open: Node[] = [];

  function begin(node: Node): Visit {
    low.set(node, index.size);
    index.set(node, index.size);
    open.push(node);
    return { node, next: 0 };
  }

  function lower(node: Node, to: number): void {
    if (to < (low.get(node) ?? 0)) low.set(node, to);
  }

  function close(node: Node): void {
    if (low.get(node) !== index.get(node)) return;
    const members = open.splice(open.lastIndexOf(node));
    const labels = members.flatMap((member) => (member.label === null ? [] : [member.label]));
    const component: Component = { nodes: members, labels: labels.sort(compareLabels), waitsFor: 0 };
    for (const member of members) member.component = component;
    components.push(component);
  }

  for (const root of nodes) {
    if (index.has(root)) continue;
    const path: Visit[] = [begin(root)];
    for (let visit = path[0]; visit !== undefined; visit = path[path.length - 1]) {
      const { node } = visit;
      const to = node.outgoing[visit.next];
      visit.next++;
      if (to === undefined) {
        path.pop();
        close(node);
        const parent = path[path.length - 1];
        if (parent !== undefined) lower(parent.node, low.get(node) ?? 0);
      } else if (!index.has(to)) path.push(begin(to));
      else if (to.component === null) lower(node, index.get(to) ?? 0);
    }
  }
  return components;
}
