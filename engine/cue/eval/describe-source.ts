/** Expressions as messages show them: on one line, without comments, and no further than anybody reads. */
import type { Clause, Comprehension, Decl, Expr } from '../compile/ir.ts';
import { labelText } from './label.ts';
import {
  LAST_VALUE,
  TAG_AND,
  TAG_BINARY,
  TAG_COMPREHENSION,
  TAG_DISJUNCTION_EXPR,
  TAG_DYNAMIC_FIELD,
  TAG_ELLIPSIS,
  TAG_FIELD,
  TAG_FOR,
  TAG_IF,
  TAG_LET_CLAUSE,
  TAG_LET_FIELD,
  TAG_LIST,
  TAG_PATTERN_FIELD,
  TAG_STRUCT,
} from './tag.ts';
import type { BaseValue } from './value.ts';
import { ARC_OPTIONAL, ARC_REQUIRED, type ArcType } from './value.ts';

/** Writes one expression; `value` tells how values among it are shown. */
export class SourceWriter {
  text = '';
  private readonly most: number;
  private readonly value: (v: BaseValue) => string;

  constructor(most: number, value: (v: BaseValue) => string) {
    this.most = most;
    this.value = value;
  }

  expr(x: Expr): void {
    if (this.text.length > this.most) return;
    if (x.tag <= LAST_VALUE) {
      // Values come before all other expressions.
      this.text += this.value(x as BaseValue);
      return;
    }
    switch (x.tag) {
      case TAG_STRUCT:
        this.series('{', x.decls, ',', '}', (d) => this.decl(d));
        return;
      case TAG_LIST: {
        const items: readonly Decl[] = x.ellipsis === null ? x.elements : [...x.elements, x.ellipsis];
        this.series('[', items, ',', ']', (d) => this.decl(d));
        return;
      }
      case TAG_DISJUNCTION_EXPR:
        this.series('(', x.disjuncts, '|', ')', (d) => {
          if (d.isDefault) this.text += '*';
          this.expr(d.value);
        });
        return;
      case TAG_AND:
        this.series('(', [x.left, x.right], ' & ', ')', (side) => this.expr(side));
        return;
      case TAG_BINARY:
        this.series('(', [x.left, x.right], ` ${x.op} `, ')', (side) => this.expr(side));
        return;
      default:
        this.text += asWritten(x);
    }
  }

  private series<T>(
    open: string,
    items: readonly T[],
    between: string,
    close: string,
    one: (item: T) => void,
  ): void {
    this.text += open;
    for (let i = 0; i < items.length && this.text.length <= this.most; i++) {
      if (i > 0) this.text += between;
      one(items[i]!);
    }
    this.text += close;
  }

  private decl(d: Decl): void {
    switch (d.tag) {
      case TAG_FIELD:
        this.field(labelText(d.label) + suffix(d.arcType), d.value);
        return;
      case TAG_LET_FIELD:
        this.text += `let ${d.label}=`;
        this.expr(d.value);
        return;
      case TAG_DYNAMIC_FIELD:
        this.expr(d.key);
        this.field(suffix(d.arcType), d.value);
        return;
      case TAG_PATTERN_FIELD:
        this.text += '[';
        this.expr(d.pattern);
        this.field(']', d.value);
        return;
      case TAG_ELLIPSIS:
        this.text += '...';
        if (d.value !== null) this.expr(d.value);
        return;
      case TAG_COMPREHENSION:
        this.comprehension(d);
        return;
      default:
        this.expr(d);
    }
  }

  private field(before: string, value: Expr): void {
    this.text += `${before}:`;
    this.expr(value);
  }

  private comprehension(c: Comprehension): void {
    for (const clause of c.clauses) this.clause(clause);
    this.expr(c.body);
  }

  private clause(clause: Clause): void {
    switch (clause.tag) {
      case TAG_IF:
        this.text += 'if ';
        this.expr(clause.condition);
        break;
      case TAG_FOR:
        this.text += asWritten(clause);
        break;
      case TAG_LET_CLAUSE:
        this.text += `let ${clause.label} = `;
        this.expr(clause.value);
        break;
      default:
        clause satisfies never;
    }
    this.text += ' ';
  }
}

function suffix(arcType: ArcType): string {
  if (arcType === ARC_REQUIRED) return '!';
  return arcType === ARC_OPTIONAL ? '?' : '';
}

function asWritten(x: Expr | Clause): string {
  if (!('place' in x) || x.place === null) return '_';
  const { source, node } = x.place;
  return node.start < 0 ? '_' : source.text.slice(node.start, node.end).replace(/\s+/g, ' ');
}
