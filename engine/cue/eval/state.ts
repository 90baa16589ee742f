/** What is known of a vertex while its conjuncts come in. */
import type { Bottom } from '../bottom.ts';
import type {
  Clause,
  Comprehension,
  DisjunctionExpr,
  DynamicField,
  Expr,
  ListLit,
  PatternField,
  Resolver,
  StructLit,
} from '../compile/ir.ts';
import type { RequiredList } from './closed.ts';
import type { DisjunctTree } from './disjunct-tree.ts';
import type { Kind } from './kind.ts';
import type { Label } from './label.ts';
import type {
  BoundValue,
  BuiltinValue,
  CloseInfo,
  Conjunct,
  Disjunction,
  Env,
  Scalar,
  Scope,
  ValidatorValue,
  Vertex,
} from './value.ts';

export const TASK_RESOLVE = 0;
export const TASK_EXPR = 1;
export const TASK_LIST = 2;
export const TASK_DYNAMIC = 3;
export const TASK_PATTERN = 4;
export const TASK_COMPREHENSION = 5;
export type TaskKind = 0 | 1 | 2 | 3 | 4 | 5;

export type TaskNode =
  | Resolver
  | Expr
  | ListLit
  | DynamicField
  | PatternField
  | Comprehension
  | Clause
  | StructLit;

/** A conjunct, or a part of one, that needs other values before it can be inserted. */
export class Task {
  readonly kind: TaskKind;
  readonly env: Env;
  readonly node: TaskNode;
  readonly info: CloseInfo;
  isRunning = false;
  isDone = false;
  /** A field that this comprehension asked for and may itself add. */
  selfTested: Label | null = null;
  constructor(kind: TaskKind, env: Env, node: TaskNode, info: CloseInfo) {
    this.kind = kind;
    this.env = env;
    this.node = node;
    this.info = info;
  }
}

export const MODE_MAYBE = 0;
export const MODE_DEFAULT = 1;
export const MODE_NOT_DEFAULT = 2;
export type DefaultMode = 0 | 1 | 2;

/** A disjunction among the conjuncts of a vertex. */
export interface PendingDisjunction {
  readonly env: Env | null;
  readonly source: DisjunctionExpr | Disjunction;
  /** What it is recognised by when the conjuncts are inserted anew. */
  readonly key: object;
  /** How many disjunctions of the same key came before it. */
  readonly occurrence: number;
  readonly info: CloseInfo;
}
/** The disjunct taken for one of the disjunctions of a vertex. */
export interface Choice {
  readonly key: object;
  readonly occurrence: number;
  readonly index: number;
}

/** A disjunction that an alternative has in common with the vertex it is one of. */
export interface Sibling {
  readonly key: object;
  readonly occurrence: number;
  readonly level: number;
}

export type Check = BoundValue | ValidatorValue | BuiltinValue;

/** One scope that a vertex was unified with, and whether its fields have to be allowed by it. */
export interface Requirement {
  readonly scope: Scope;
  ignore: boolean;
  isRecursive: boolean;
}

export const FLAG_ELLIPSIS = 1;
export const FLAG_TOP = 2;
export const FLAG_STRUCT = 4;
export const FLAG_OPEN_VALIDATOR = 8;
/** What a conjunct of a vertex says about closedness. */
export interface ConjunctFlags {
  readonly scope: Scope | null;
  readonly flags: number;
}

export class NodeState {
  readonly vertex: Vertex;
  readonly depth: number;
  isRunning = false;
  /** Nothing is open but comprehensions that wait for one of their fields to be asked for. */
  isWaiting = false;
  kind: Kind = 511;
  /** The conjunct that narrowed `kind` last. */
  kindExpr: Expr | null = null;
  scalar: Scalar | null = null;
  lower: BoundValue | null = null;
  upper: BoundValue | null = null;
  checks: Check[] = NONE;
  errors: Bottom | null = null;

  tasks: Task[] = NONE;
  disjunctions: PendingDisjunction[] = NONE;
  /** Expanded already: the value is in `vertex.base`. */
  disjunctionsDone = false;
  hasDisjunction = false;
  /** Made to try one disjunct alone: the other disjunctions are left out of account. */
  leavesRest = false;
  /** Once expanded into vertices or simple values: what is left. */
  tree: DisjunctTree | null = null;
  /** For an alternative: the vertex it is one of. */
  standsFor: Vertex | null = null;
  /** Inherited by an alternative from the vertex it is one of. */
  choices: readonly Choice[] = NONE;
  /** For an alternative: the disjunctions that are not inside of the disjunct it took. */
  siblings: readonly Sibling[] = NONE;
  /** The disjuncts taken, as long as they are not inserted. */
  chosen: { readonly env: Env | null; readonly expr: Expr; readonly info: CloseInfo }[] = NONE;
  /** How many disjuncts deep disjunctions that are no siblings lie. */
  level = 0;
  /** The alternative tried last. */
  tried: NodeState | null = null;
  /** Once nothing is left: how many disjunctions were still to come where that came about (see `stageOf`). */
  failedAt: number | null = null;
  /** An open list that a disjunct has closed: so it is in all of them (see `closeLists`). */
  closesList = false;
  /** Sources of disjunctions met so far, for counting occurrences. */
  seenKeys: object[] = NONE;

  hasStruct = false;
  /** Has a struct with a regular field, or one without embeddings: the value is a struct for sure. */
  isSureStruct = false;
  sureStructExpr: Expr | null = null;
  isList = false;
  listIsClosed = false;
  listLength = 0;
  listExpr: Expr | null = null;
  hasTop = false;
  hasOpenValidator = false;
  isDef = false;

  // sharing
  noSharing = false;
  sharedExpr: Conjunct | null = null;
  sharedInfos: CloseInfo[] = NONE;

  // cycles (cycle.ts)
  hasNonCycle = false;
  hasNonCyclic = false;
  hasAnyCyclicConjunct = false;
  hasAncestorCycle = false;
  cyclicConjuncts: { readonly conjunct: Conjunct; readonly arc: Vertex }[] = NONE;

  // closedness (closed.ts)
  requirements: Requirement[] = NONE;
  flags: ConjunctFlags[] = NONE;
  /** What is required of the fields, as worked out from so many requirements. */
  required: { readonly count: number; readonly list: RequiredList } | null = null;
  /** The vertices whose conjuncts were inserted, with the scope each was given. */
  inserted: { readonly target: Vertex; readonly info: CloseInfo }[] = NONE;

  constructor(vertex: Vertex, depth: number) {
    this.vertex = vertex;
    this.depth = depth;
  }
}

/** Shared by all states for lists that are usually empty; `push` below replaces it. */
const NONE: never[] = [];
Object.freeze(NONE);

export const NO_TASKS: Task[] = NONE;

/** Appends to a list of a state, which may be the shared empty one: returns the list to store. */
export function pushed<T>(list: T[], item: T): T[] {
  if (list === NONE) return [item];
  list.push(item);
  return list;
}
