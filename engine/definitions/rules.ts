/**
 * The rules that definitions carry as data and KubeVela does not enforce: which workloads a trait may be put on
 * (`appliesToWorkloads`) and beside which traits it may not stand (`conflictsWith`). Forms of a rule: the name of a
 * definition, `*`, a resource such as `deployments.apps`, `*.<group>`, and `labelSelector:<selector>`.
 */

import { at } from '../json.ts';
import type { Issue } from '../result.ts';
import type { Definition } from './definition.ts';

/** What a rule is compared with. */
export interface RuleSubject {
  readonly definition: Definition;
  /** `<plural>.<group>` of what the definition stands for or makes; the group is left out where it is the core one. */
  readonly resources: readonly string[];
}

/** Whether a rule means this definition. */
export function ruleMatches(rule: string, { definition, resources }: RuleSubject): boolean {
  if (rule === '*') return true;
  if (rule.startsWith('labelSelector:'))
    return selects(rule.slice('labelSelector:'.length), definition.labels);
  if (rule === definition.name) return true;
  if (rule.startsWith('*.')) return resources.some((resource) => groupOf(resource) === rule.slice(2));
  const [resource] = rule.split('/');
  return resource !== undefined && resources.includes(resource);
}

function groupOf(resource: string): string {
  return resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : '';
}

/** Equality-based requirements, and a bare key that must be there. `.cue` files prefix their labels. */
function selects(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return selector.split(',').every((part) => {
    const match = /^\s*(!?)([\w./-]+)\s*(?:(==?|!=)\s*([\w.-]*))?\s*$/.exec(part);
    if (match === null) return false;
    const [, negated, key = '', operator, wanted = ''] = match;
    const value = labels[key] ?? labels[`custom.definition.oam.dev/${key}`];
    if (operator === undefined) return (value !== undefined) === (negated === '');
    return operator === '!=' ? value !== wanted : value === wanted;
  });
}

/** `deployments.apps` for apps/v1 Deployment: Kubernetes' usual plural, and the group. */
export function resourceOf(apiVersion: string, kind: string): string {
  const name = kind.toLowerCase();
  const plural = /(?:s|x|z|ch|sh)$/.test(name)
    ? `${name}es`
    : /[^aeiou]y$/.test(name)
      ? `${name.slice(0, -1)}ies`
      : `${name}s`;
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? plural : `${plural}.${apiVersion.slice(0, slash)}`;
}

/** What a trait's definition says of itself: `definitionRef.name`. */
export function referencedResources(definition: Definition): readonly string[] {
  const name = at(definition.spec, 'definitionRef', 'name');
  return typeof name === 'string' && name !== '' ? [name] : [];
}

/** A trait as it stands in a component. */
export interface TraitOnComponent extends RuleSubject {
  /** JSON pointer to the trait. */
  readonly path: string;
}

/** A component with its traits; the resources of its own are those of its workload. */
export interface ComponentUnderRules extends RuleSubject {
  readonly name: string;
  readonly traits: readonly TraitOnComponent[];
}

/** What breaks the rules of the traits' definitions. */
export function ruleIssues(component: ComponentUnderRules): readonly Issue[] {
  return [...component.traits.flatMap((trait) => misplaced(trait, component)), ...conflicts(component)];
}

function misplaced(trait: TraitOnComponent, component: ComponentUnderRules): readonly Issue[] {
  const rules = trait.definition.attributes.appliesToWorkloads;
  if (rules.length === 0 || component.resources.length === 0) return [];
  if (rules.some((rule) => ruleMatches(rule, component))) return [];
  const actual = component.resources.join(', ');
  return [
    {
      code: 'rule.applies-to-workloads',
      path: `${trait.path}/type`,
      message: `The trait "${trait.definition.name}" is not for the component "${component.name}": it applies to ${rules.join(', ')}, not to ${actual}.`,
      expected: rules.join(', '),
      actual,
    },
  ];
}

/** In the words of KubeVela's former webhook; a pair is told once a rule. */
function conflicts({ name, traits }: ComponentUnderRules): readonly Issue[] {
  const issues: Issue[] = [];
  for (const [i, trait] of traits.entries()) {
    for (const rule of trait.definition.attributes.conflictsWith) {
      const others = traits.filter((other, j) => i !== j && ruleMatches(rule, other));
      for (const other of rule === '*' ? others.slice(0, 1) : others) {
        const message =
          rule === '*'
            ? `trait "${trait.definition.name}" of component "${name}" conflicts with all other traits`
            : `conflict(rule: "${rule}") between traits ("${trait.definition.name}" and "${other.definition.name}") of component "${name}" is detected`;
        issues.push({
          code: 'rule.conflicts-with',
          path: `${trait.path}/type`,
          message,
          actual: other.definition.name,
        });
      }
    }
  }
  return issues;
}
