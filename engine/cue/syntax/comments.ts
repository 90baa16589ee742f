/**
 * Decides which node a comment belongs to, and before which of its tokens it stands, as CUE's parser does it.
 *
 * The parser opens a frame before it reads a node and closes it with the node. A comment read meanwhile goes to
 * the innermost frame. A list frame stands for no node: its comments go to the child read last, or to the next
 * one if there is none yet. `cue fmt`, the doc comments of fields and KubeVela's patch markers all rest on this.
 */
import type { CommentGroup, Gap, NodeBase } from './ast.ts';

/** A comment group whose position in its node is not settled yet. */
export interface OpenComment extends CommentGroup {
  place: 'doc' | 'line' | 'inner';
  position: number;
}

interface Frame {
  /** Tokens and children seen so far. Wraps at 127 like the int8 it is in CUE. */
  position: number;
  groups: OpenComment[] | null;
  /** 0: a node; n: n lists directly inside each other. */
  lists: number;
  lastChild: NodeBase | null;
  lastPosition: number;
}

function wrap(position: number): number {
  return (position << 24) >> 24;
}

function attach(node: NodeBase, comment: OpenComment): void {
  const groups = commentsOf(node);
  let at = groups.length;
  while (at > 0 && (groups[at - 1]?.position ?? 0) > comment.position) at--;
  groups.splice(at, 0, comment);
}

/** The node's own list, made if there is none. A node is finished only when the parser has left it. */
function commentsOf(node: NodeBase): OpenComment[] {
  const open = node as unknown as { comments?: OpenComment[] }; // the tree is read-only for everybody but its maker
  open.comments ??= [];
  return open.comments;
}

export class CommentStack {
  /** A doc comment that waits for the node whose first token follows it. */
  lead: OpenComment | null = null;
  readonly #frames: Frame[] = [];
  #depth = -1;

  constructor() {
    this.#push(0);
    this.#top().position = -1;
  }

  #top(): Frame {
    return this.#frames[this.#depth] as Frame; // there is always the file's frame
  }

  #push(lists: number): Frame {
    this.#depth++;
    const frame = this.#frames[this.#depth];
    if (frame === undefined) {
      const made: Frame = { position: 0, groups: null, lists, lastChild: null, lastPosition: 0 };
      this.#frames.push(made);
      return made;
    }
    frame.position = 0;
    frame.groups = null;
    frame.lists = lists;
    frame.lastChild = null;
    frame.lastPosition = 0;
    return frame;
  }

  /** A token has been passed. */
  advance(): void {
    const top = this.#top();
    top.position = wrap(top.position + 1);
  }

  add(comment: OpenComment): void {
    const top = this.#top();
    comment.position = top.position;
    top.groups ??= [];
    top.groups.push(comment);
  }

  /** Opens the frame of a node, `position` tokens into it; takes the waiting doc comment. */
  open(position = 0): void {
    const outer = this.#top();
    const waiting = outer.groups;
    const node = this.#push(0);
    node.position = position;
    if (outer.lists > 0 && waiting !== null) {
      outer.groups = null;
      if (outer.lastChild !== null) settle(outer.lastChild, waiting, outer.lastPosition);
      else {
        for (const comment of waiting) comment.position = 0;
        node.groups = waiting;
      }
    }
    if (this.lead !== null) {
      node.groups ??= [];
      node.groups.push(this.lead);
      this.lead = null;
    }
  }

  /** The node of the innermost frame goes on as if `position` tokens of it had been read. */
  setPosition(position: number): void {
    this.#top().position = position;
  }

  /** Whether opening a frame now would hand no comment to it. */
  get isQuiet(): boolean {
    if (this.lead !== null) return false;
    const top = this.#top();
    return top.lists === 0 || top.groups === null;
  }

  /** What `open`, one token and `close` come to for a node of one token, if all is quiet. */
  pass(node: NodeBase): void {
    const top = this.#top();
    top.lastChild = node;
    top.lastPosition = 1;
    top.position = wrap(top.position + 1);
  }

  openList(): void {
    const top = this.#top();
    if (top.lists > 0) top.lists++;
    else this.#push(1);
  }

  /** What `openList` and `closeList` come to when nothing stands between them. */
  skip(): void {
    const top = this.#top();
    if (top.lists > 0) {
      this.openList();
      this.closeList();
    } else top.position = wrap(top.position + 1);
  }

  closeList(): void {
    const list = this.#top();
    if (list.lastChild !== null && list.groups !== null) {
      for (const comment of list.groups) {
        comment.position = list.lastPosition;
        attach(list.lastChild, comment);
      }
      list.groups = null;
    }
    list.lists--;
    if (list.lists > 0) return;
    const { groups } = list;
    this.#depth--;
    const outer = this.#top();
    if (groups !== null) outer.groups = outer.groups === null ? groups : [...outer.groups, ...groups];
    outer.position = wrap(outer.position + 1);
  }

  /** Closes a node's frame: its comments become the node's. */
  close<N extends NodeBase | null>(node: N): N {
    const frame = this.#top();
    const { groups, position } = frame;
    if (this.#depth > 0) {
      this.#depth--;
      const outer = this.#top();
      outer.lastChild = node;
      outer.lastPosition = position;
      outer.position = wrap(outer.position + 1);
    }
    if (groups !== null && node !== null) for (const comment of groups) attach(node, comment);
    return node;
  }
}

/** Comments that came behind the last child of a list and before the next one. */
function settle(child: NodeBase, waiting: readonly OpenComment[], position: number): void {
  const own = commentsOf(child);
  const before = waiting.filter((comment) => comment.position === 0);
  const behind = waiting.filter((comment) => comment.position !== 0);
  for (const comment of behind) comment.position = position;
  own.unshift(...before);
  own.push(...behind);
}

/** What lies between a token and the one before it: white space only. */
export function gapBefore(text: string, offset: number): Gap {
  if (offset < 0) return 'unset';
  let lines = 0;
  let at = offset - 1;
  for (; at >= 0; at--) {
    const c = text.charCodeAt(at);
    if (c === 10) lines++;
    else if (c !== 32 && c !== 9 && c !== 13) break;
  }
  if (lines > 0) return lines > 1 ? 'section' : 'newline';
  return at === offset - 1 ? 'none' : 'blank';
}

/** The line of a comment without its slashes. */
export function commentLine(text: string, start: number, end: number): string {
  return text.slice(start + 2, end).replaceAll('\r', '');
}
