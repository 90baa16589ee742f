/**
 * The rules that definitions carry as data and KubeVela does not enforce: which workloads a trait may be put on
 * (`appliesToWorkloads`) and beside which traits it may not stand (`conflictsWith`). Forms of a rule: the name of a
 * definition, `*`, a resource such as `deployments.apps`, `*.<group>`, and `labelSelector:<selector>`.
 */

import { at } from '../json.ts';
import { type LabelRequirement, parseLabelSelector, selectsLabels } from '../oam/label-selector.ts';
import type { Issue, Result } from '../result.ts';
import { type Definition, labelOf } from './definition.ts';

/** What a rule is compared with. */
export interface RuleSubject {
  readonly definition: Definition;
  /** `<plural>.<group>` of what the definition stands for or makes; the group is left out where it is the core one. */
  readonly resources: readonly string[];
}

/** Whether a rule means this definition. */
export function ruleMatches(rule: string, { definition, resources }: RuleSubject): boolean {
  if (rule === '*') return true;
  const selector = selectorOf(rule);
  if (selector !== null)
    return selector.ok && selectsLabels(selector.value, (name) => labelOf(definition.labels, name));
  if (rule === definition.name) return true;
  if (rule.startsWith('*.')) return resources.some((resource) => groupOf(resource) === rule.slice(2));
  const [resource] = rule.split('/');
  return resource !== undefined && resources.includes(resource);
}

function groupOf(resource: string): string {
  return resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : '';
}

/** The label selector of a rule; null for rules of another form. */
function selectorOf(rule: string): Result<readonly LabelRequirement[]> | null {
  return rule.startsWith(selectorPrefix) ? parseLabelSelector(rule.slice(selectorPrefix.length)) : null;
}

const selectorPrefix = 'labelSelector:';

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

function unreadable(
  { message, expected }: Issue,
  rule: string,
  { definition, path }: TraitOnComponent,
): Issue {
  return {
    code: 'rule.conflicts-with',
    path: `${path}/type`,
    message: `labelSelector in conflict rule ("${rule}") of trait "${definition.name}" is invalid: ${message}`,
    ...(expected === undefined ? {} : { expected }),
    actual: rule,
  };
}

/** In the words of KubeVela's former webhook; a pair is told once a rule. */
function conflicts({ name, traits }: ComponentUnderRules): readonly Issue[] {
  const issues: Issue[] = [];
  for (const [i, trait] of traits.entries()) {
    for (const rule of trait.definition.attributes.conflictsWith) {
      const selector = selectorOf(rule);
      if (selector?.ok === false)
        issues.push(...selector.issues.map((issue) => unreadable(issue, rule, trait)));
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
