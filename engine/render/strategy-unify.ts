/** A patch laid over a value by the markers of traits' patches (StrategyUnify in kubevela/pkg's cue/cuex/model/sets). */
import type { Value } from '../cue/index.ts';
import { compile, parse } from '../cue/index.ts';
import { CueUnifier } from './cue-unifier.ts';
import { Manifest } from './manifest.ts';
import type { TemplateCache } from './template-cache.ts';

type Unified =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string };

/** Neither side need be concrete; defaults stay. */
export function unifyByStrategy(base: Value, patch: Value, cache: TemplateCache): Unified {
  const manifest = new Manifest(base);
  const error = manifest.patch(patch, 'default', new CueUnifier(cache));
  if (error !== null) return { ok: false, message: `fails: ${error.message}` };
  const parsed = parse({ name: 'strategyUnify', text: `out: ${manifest.text()}` });
  const compiled = parsed.ok ? compile([parsed.value], { libraries: cache.libraries }) : null;
  if (compiled === null || !compiled.ok) return { ok: false, message: 'gives nothing that can be read' };
  return { ok: true, value: compiled.value.evaluate().lookup(['out']) };
}
