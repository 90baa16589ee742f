/** What a global policy must be, since nobody names it or gives it parameters (policy_validation.go of KubeVela). */
import type { Libraries } from '../cue/index.ts';
import { compile, parse } from '../cue/index.ts';
import type { Issue } from '../result.ts';
import type { Definition } from './definition.ts';
import { templateOf } from './definition.ts';
import { rewriteTemplate } from './rewrite.ts';
import { standInPackages } from './stand-ins.ts';

/** Issues `definition.global-policy`; none for any other definition. */
export function globalPolicyIssues(definition: Definition, libraries: Libraries): readonly Issue[] {
  const { kind, attributes, name } = definition;
  if (kind !== 'policy' || !attributes.global) return [];
  const issue = (path: string, message: string): Issue => ({
    code: 'definition.global-policy',
    path,
    message: `The policy ${name} is global: ${message}`,
  });
  if (attributes.scope !== 'Application')
    return [issue('/spec/scope', 'its scope must be Application, or it has no effect.')];
  const open = withoutDefault(definition, libraries);
  if (open.length === 0) return [];
  const names = open.map((parameter) => `"${parameter}"`).join(', ');
  return [issue('/spec/schematic', `each of its parameters needs a default, and ${names} has none.`)];
}

/** The names of parameters without a default. What does not compile is told elsewhere. */
function withoutDefault(definition: Definition, libraries: Libraries): readonly string[] {
  const template = templateOf(definition);
  if (template === null) return [];
  const { text, source: name } = rewriteTemplate(template).template;
  const parsed = parse({ name, text });
  if (!parsed.ok) return [];
  const imports = standInPackages(parsed.value);
  const compiled = compile([parsed.value], { libraries, imports, declare: ['context'] });
  if (!compiled.ok) return [];
  const fields = compiled.value.evaluate().lookup(['parameter']).fields({ optional: true });
  return (fields ?? []).filter(({ value }) => value.default() === null).map((field) => field.name);
}
