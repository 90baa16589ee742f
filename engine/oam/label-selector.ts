/** Kubernetes' label selector as text: `app=shop, tier!=cache, env in (a,b), zone notin (c), !old, new`. */
import type { Result } from '../result.ts';
import { fail, ok } from '../result.ts';

export type LabelRequirement =
  | { readonly operator: 'in' | 'notin'; readonly name: string; readonly values: readonly string[] }
  | { readonly operator: 'exists' | 'absent'; readonly name: string };

const setBased = /^([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)$/;
const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/;
const existence = /^(!?)\s*([\w./-]+)$/;

function requirement(part: string): LabelRequirement | null {
  const set = setBased.exec(part);
  if (set?.[1] !== undefined && set[3] !== undefined) {
    const values = set[3].split(',').map((value) => value.trim());
    return { operator: set[2] === 'in' ? 'in' : 'notin', name: set[1], values };
  }
  const equal = equality.exec(part);
  if (equal?.[1] !== undefined)
    return { operator: equal[2] === '!=' ? 'notin' : 'in', name: equal[1], values: [equal[3] ?? ''] };
  const exists = existence.exec(part);
  if (exists?.[2] === undefined) return null;
  return { operator: exists[1] === '!' ? 'absent' : 'exists', name: exists[2] };
}

/** All of them have to hold; none for an empty text. Issue `label-selector`: a part that is no requirement, as `actual`. */
export function parseLabelSelector(text: string): Result<readonly LabelRequirement[]> {
  if (text.trim() === '') return ok([]);
  const requirements: LabelRequirement[] = [];
  for (const part of partsOf(text)) {
    const read = requirement(part);
    if (read === null) {
      const expected = 'a label requirement such as app=shop, tier!=cache, env in (a,b), !old';
      const message = `"${part}" is not ${expected}.`;
      return fail({ code: 'label-selector', path: '', message, expected, actual: part });
    }
    requirements.push(read);
  }
  return ok(requirements);
}

/** Commas inside parentheses do not split. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return [...parts, part.trim()];
}

/** Whether labels have what is required. What is not there is not in any set (k8s.io/apimachinery pkg/labels). */
export function selectsLabels(
  requirements: readonly LabelRequirement[],
  labelOf: (name: string) => string | undefined,
): boolean {
  return requirements.every((one) => {
    const value = labelOf(one.name);
    switch (one.operator) {
      case 'in':
        return value !== undefined && one.values.includes(value);
      case 'notin':
        return value === undefined || !one.values.includes(value);
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      default:
        return one satisfies never;
    }
  });
}
