/** Collecting the errors of an evaluated value, as Validate of CUE's API does. */
import { Bottom, combineErrors } from '../bottom.ts';
import { pathOf } from '../diagnostic.ts';
import { defaultOf } from './default.ts';
import type { Evaluation } from './evaluation.ts';
import { isConcrete, unwrap } from './expr.ts';
import type { Label } from './label.ts';
import { isLet, isRegular } from './label.ts';
import { LAST_SCALAR, TAG_BOTTOM } from './tag.ts';
import type { Vertex } from './value.ts';
import { ARC_MEMBER, ARC_REQUIRED, FINALIZED } from './value.ts';

export interface ValidateOptions {
  /** Every value must be concrete. */
  readonly concrete?: boolean;
  /** No required field may be missing, nothing may be incomplete. */
  readonly final?: boolean;
  readonly disallowCycles?: boolean;
}

/** All errors in a finalized value and below it as one; null when it is valid. */
export function validate(ctx: Evaluation, v: Vertex, options: ValidateOptions): Bottom | null {
  if (!ctx.mayBeWrong && !options.concrete && !options.final && !options.disallowCycles && isSound(v))
    return null;
  const walk = new Validation(ctx, options);
  walk.visit(v);
  return walk.error;
}

/** Whether a vertex is finished and has no error; where none was seen below any vertex, there is none below it. */
function isSound(vertex: Vertex): boolean {
  const v = vertex.held();
  return v.status === FINALIZED && v.childErrors === null && !(v.base instanceof Bottom);
}

class Validation {
  error: Bottom | null = null;
  private readonly ctx: Evaluation;
  private readonly options: ValidateOptions;
  private inDefinition = 0;
  /** The labels walked down from the value asked for, which leads through values shared with others. */
  private readonly walked: Label[] = [];
  private shared = 0;
  private root: Vertex | null = null;
  private readonly visited = new Set<Vertex>();

  constructor(ctx: Evaluation, options: ValidateOptions) {
    this.ctx = ctx;
    // What is to be concrete is to be final too.
    this.options = { ...options, final: options.final === true || options.concrete === true };
  }

  private add(b: Bottom): void {
    if (!b.childError) this.error = combineErrors(this.error, b);
  }

  visit(vertex: Vertex): void {
    this.ctx.enter();
    this.root ??= vertex;
    let v = vertex.deref();
    if (v !== vertex) this.shared++;
    const skip = v !== vertex && (this.inDefinition > 0 || this.visited.has(v));
    const isShared = v !== vertex;
    if (!skip) {
      if (isShared) this.visited.add(v);
      const checkFinal = this.options.final === true && this.inDefinition === 0;
      let stop = false;
      if (v.base instanceof Bottom) {
        stop = !v.base.childError && v.childErrors === null;
        this.addBottom(v.base, checkFinal);
      } else if (this.options.concrete && this.inDefinition === 0) {
        const d = defaultOf(v);
        if (!isConcrete(d)) {
          const inner = unwrap(d);
          const place = inner.tag === TAG_BOTTOM || !('place' in inner) ? null : inner.place;
          const issue = {
            node: vertex,
            ...(this.shared > 0 ? { path: [...pathOf(this.root), ...this.walked] } : {}),
            format: 'incomplete value %v',
            args: [inner],
            place: null,
            others: place === null ? [] : [place],
          };
          this.add(new Bottom('incomplete', [issue], vertex));
        }
        if (d.tag === v.tag) v = d.deref();
      }
      if (!stop && !this.isOutlined(v)) this.visitArcs(v);
    }
    if (isShared) this.shared--;
    this.ctx.leave();
  }

  private addBottom(b: Bottom, checkFinal: boolean): void {
    if (b.code === 'cycle') {
      if (checkFinal || this.options.disallowCycles) this.add(b);
    } else if (b.code === 'incomplete') {
      if (checkFinal) this.add(b);
    } else this.add(b);
  }

  /** What has an outline has no errors, and is concrete if that says so. */
  private isOutlined({ outline }: Vertex): boolean {
    return outline !== null && (outline.isConcrete || !this.options.concrete || this.inDefinition > 0);
  }

  private visitArcs(v: Vertex): void {
    for (let i = 0; i < v.arcs.length; i++) {
      const a = v.arcs[i]!;
      if (a.arcType === ARC_REQUIRED && this.options.final && this.inDefinition === 0) {
        this.add(missingField(a));
        continue;
      }
      if (isLet(a.label) || a.arcType !== ARC_MEMBER) continue;
      // Scalars and data can neither be wrong nor incomplete.
      if (a.base === null ? a.literal !== null : a.base.tag <= LAST_SCALAR) continue;
      this.walked.push(a.label);
      if (isRegular(a.label)) this.visit(a);
      else {
        this.inDefinition++;
        this.visit(a);
        this.inDefinition--;
      }
      this.walked.pop();
    }
  }
}

/** The error of a required field that is not there. */
export function missingField(arc: Vertex): Bottom {
  const others = arc.conjuncts.flatMap((c) => (c.field === null ? [] : [c.field.place]));
  const issue = { node: arc, format: 'field is required but not present', args: [], place: null, others };
  return new Bottom('incomplete', [issue], arc);
}
