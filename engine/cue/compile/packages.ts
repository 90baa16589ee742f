/** Standard packages in the form that references use. */
import { dataFunction, rearrangementFunction } from '../eval/std-function.ts';
import type { Value } from '../eval/value.ts';
import { BuiltinValue } from '../eval/value.ts';
import type { StdPackage } from '../std/builtin.ts';
import type { Package, StructLit } from './ir.ts';

/** A standard package; `compileSource` turns its CUE source into a struct. */
export function compiledPackage(pkg: StdPackage, compileSource: (text: string) => StructLit | null): Package {
  const root = pkg.source === undefined ? null : compileSource(pkg.source);
  return { path: pkg.path, root, values: functionsOf(pkg), constants: pkg.constants ?? new Map() };
}

function functionsOf(pkg: StdPackage): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const fn of pkg.functions) values.set(fn.name, new BuiltinValue(null, dataFunction(fn)));
  for (const fn of pkg.rearrangements ?? [])
    values.set(fn.name, new BuiltinValue(null, rearrangementFunction(fn)));
  for (const fn of pkg.evaluatorOwned ?? [])
    values.set(fn.name.slice(pkg.path.length + 1), new BuiltinValue(null, fn));
  return values;
}
