/**
 * Labels of arcs. A regular field is its name, a list element its index, and the other kinds carry a mark in
 * front, so that comparing labels is comparing strings: `x` and `"x"` are one label, `#x` and `"#x"` are two.
 */

export type Label = string | number;

const DEFINITION = '\u0001';
const HIDDEN = '\u0002';
const LET = '\u0003';
/** Stands before a regular name that begins with one of the marks. */
const ESCAPE = '\u0004';
/** Between a hidden label and the package it belongs to. */
const PACKAGE = '\u0000';

/** The label of a quoted or otherwise regular field. */
export function regularLabel(name: string): string {
  return name.length > 0 && name.charCodeAt(0) <= 4 ? ESCAPE + name : name;
}

/** The label that an identifier names: `a`, `#A`, `_a`, `_#A`. Hidden ones belong to a package ('' is the main one). */
export function identifierLabel(name: string, packageId: string): string {
  if (name.startsWith('#')) return DEFINITION + name;
  if (name.startsWith('_') && name !== '_') {
    if (name.startsWith('__')) return name;
    return HIDDEN + name + (packageId === '' ? '' : PACKAGE + packageId);
  }
  return name;
}

export function letLabel(name: string): string {
  return LET + name;
}

/** A field that may appear in data: no definition, no hidden field, no let. */
export function isRegular(label: Label): boolean {
  if (typeof label === 'number') return true;
  if (label.length === 0) return true;
  const mark = label.charCodeAt(0);
  return mark > 3 || mark === 0;
}

export function isDefinition(label: Label): boolean {
  if (typeof label === 'number' || label.length < 2) return false;
  const mark = label.charCodeAt(0);
  return mark === 1 || (mark === 2 && label.charCodeAt(2) === 35);
}

export function isHidden(label: Label): boolean {
  return typeof label === 'string' && label.length > 0 && label.charCodeAt(0) === 2;
}

export function isLet(label: Label): boolean {
  return typeof label === 'string' && label.length > 0 && label.charCodeAt(0) === 3;
}

/** The name without its mark: `x`, `#D`, `_h`. For a list element its index. */
export function labelName(label: Label): string {
  if (typeof label === 'number') return String(label);
  if (label.length === 0) return label;
  const mark = label.charCodeAt(0);
  if (mark > 4 || mark === 0) return label;
  const end = mark === 2 ? label.indexOf(PACKAGE, 1) : -1;
  return end < 0 ? label.slice(1) : label.slice(1, end);
}

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u;

/** As a path spells it: quoted where it is no identifier, `#D`, `_h`. */
export function labelText(label: Label): string {
  if (typeof label === 'number') return String(label);
  const name = labelName(label);
  if (!isRegular(label)) return name;
  return IDENTIFIER.test(name) && !name.startsWith('_') ? name : JSON.stringify(name);
}
