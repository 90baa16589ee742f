/** Compiles the template of a definition with the packages that its kind may import. */
import type { Libraries } from '../cue/index.ts';
import { templateOf } from '../definitions/definition.ts';
import type { CompileDefinition } from '../definitions/import.ts';
import { velaPackages } from '../definitions/packages.ts';
import { TemplateCache } from './template-cache.ts';

/** Hold it for as long as possible: compiled templates and packages are kept. */
export function definitionCompiler(libraries: Libraries): CompileDefinition {
  const steps = new TemplateCache({ libraries, imports: velaPackages('step') });
  const others = new TemplateCache({ libraries, imports: velaPackages('render') });
  return (definition) => {
    const template = templateOf(definition);
    if (template === null) return [];
    const compiled = (definition.kind === 'workflowstep' ? steps : others).get(template);
    return compiled.ok ? [] : compiled.issues;
  };
}
