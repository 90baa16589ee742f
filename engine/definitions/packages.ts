/** How templates find packages that are not CUE's own (`vela/kube`, a tenant's). */
import type { Ast } from '../cue/index.ts';

/** The files of a package by its import path, or null where there is none. */
export type ImportPackages = (path: string) => readonly Ast.File[] | null;
