// A set of field paths, kept as a tree: at each node the members and, apart from them, the deeper sets.

import { type MapNode, type Node, nodeAt } from '../schema/node.ts';
import { compareElements, type Path, type PathElement } from './path-element.ts';

interface Child {
  readonly element: PathElement;
  readonly set: FieldSet;
}

export class FieldSet {
  readonly members = new Map<string, PathElement>();
  readonly children = new Map<string, Child>();

  static of(...paths: Path[]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }

  /** Adds a path. The empty path is the whole object, which nobody owns. */
  insert(path: Path): void {
    let at: FieldSet = this;
    for (const [i, element] of path.entries()) {
      if (i === path.length - 1) at.members.set(element.id, element);
      else at = at.#descend(element);
    }
  }

  has(path: Path): boolean {
    let at: FieldSet | undefined = this;
    for (const [i, element] of path.entries()) {
      if (i === path.length - 1) return at.members.has(element.id);
      at = at.children.get(element.id)?.set;
      if (!at) return false;
    }
    return false;
  }

  get isEmpty(): boolean {
    if (this.members.size > 0) return false;
    for (const child of this.children.values()) if (!child.set.isEmpty) return false;
    return true;
  }

  under(element: PathElement): FieldSet | undefined {
    return this.children.get(element.id)?.set;
  }

  union(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const set of [this, other]) {
      for (const [id, element] of set.members) result.members.set(id, element);
      for (const [id, child] of set.children) {
        const known = result.children.get(id);
        result.children.set(id, known ? { element: child.element, set: known.set.union(child.set) } : child);
      }
    }
    return result;
  }

  intersection(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const [id, element] of this.members) if (other.members.has(id)) result.members.set(id, element);
    for (const [id, child] of this.children) {
      const there = other.children.get(id);
      if (there) result.#keep(child.element, child.set.intersection(there.set));
    }
    return result;
  }

  difference(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const [id, element] of this.members) if (!other.members.has(id)) result.members.set(id, element);
    for (const [id, child] of this.children) {
      const there = other.children.get(id);
      result.#keep(child.element, there ? child.set.difference(there.set) : child.set);
    }
    return result;
  }

  /** Like difference, but a member of the other set takes everything below it along. */
  without(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const [id, element] of this.members) if (!other.members.has(id)) result.members.set(id, element);
    for (const [id, child] of this.children) {
      if (other.members.has(id)) continue;
      const there = other.children.get(id);
      result.#keep(child.element, there ? child.set.without(there.set) : child.set);
    }
    return result;
  }

  /** The set with every declared field on the way to a member made a member too. */
  withNamedFields(node: Node | undefined): FieldSet {
    const result = new FieldSet();
    for (const [id, element] of this.members) result.members.set(id, element);
    for (const [id, { element, set }] of this.children) {
      if (element.kind === 'field' && declares(node, element.name)) result.members.set(id, element);
      result.children.set(id, { element, set: set.withNamedFields(below(node, element)) });
    }
    return result;
  }

  equals(other: FieldSet): boolean {
    if (this.members.size !== other.members.size || this.children.size !== other.children.size) return false;
    for (const id of this.members.keys()) if (!other.members.has(id)) return false;
    for (const [id, child] of this.children) {
      const there = other.children.get(id);
      if (!there || !child.set.equals(there.set)) return false;
    }
    return true;
  }

  /** Every path, the members of a node before what lies deeper, each in order. */
  *paths(prefix: Path = []): Generator<Path> {
    for (const element of this.sortedMembers()) yield [...prefix, element];
    for (const { element, set } of this.sortedChildren()) yield* set.paths([...prefix, element]);
  }

  sortedMembers(): PathElement[] {
    return [...this.members.values()].sort(compareElements);
  }

  sortedChildren(): Child[] {
    return [...this.children.values()].sort((a, b) => compareElements(a.element, b.element));
  }

  #descend(element: PathElement): FieldSet {
    const known = this.children.get(element.id);
    if (known) return known.set;
    const set = new FieldSet();
    this.children.set(element.id, { element, set });
    return set;
  }

  #keep(element: PathElement, set: FieldSet): void {
    if (!set.isEmpty) this.children.set(element.id, { element, set });
  }
}

function declares(node: Node | undefined, name: string): boolean {
  return node?.kind === 'map' && node.fields.has(name);
}

function below(node: Node | undefined, element: PathElement): Node | undefined {
  if (node?.kind === 'map' && element.kind === 'field') return nodeAt(node as MapNode, element.name);
  if (node?.kind === 'list' && element.kind === 'key') return node.item;
  if (node?.kind === 'open' && element.kind === 'field') return node;
  return undefined;
}
