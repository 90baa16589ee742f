import type { LabelRequirement } from '../../db/model/application.ts';
import { Fault } from '../../engine/fault.ts';

const malformed = (part: string) => {
  const expected = 'a label requirement such as app=shop, tier!=cache, env in (a,b), !old';
  const detail = `"${part}" is not ${expected}.`;
  const errors = [{ pointer: '/labelSelector', detail, expected, actual: part }];
  return new Fault('request.malformed', detail, { errors });
};

const setBased = /^([\w./-]+)\s+(in|notin)\s+\(([^()]*)\)$/;
const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/;
const existence = /^(!?)\s*([\w./-]+)$/;

function requirement(part: string): LabelRequirement {
  const set = setBased.exec(part);
  if (set?.[1] !== undefined && set[3] !== undefined) {
    const values = set[3].split(',').map((value) => value.trim());
    return { operator: set[2] === 'in' ? 'in' : 'notin', name: set[1], values };
  }
  const equal = equality.exec(part);
  if (equal?.[1] !== undefined) {
    return { operator: equal[2] === '!=' ? 'notin' : 'in', name: equal[1], values: [equal[3] ?? ''] };
  }
  const exists = existence.exec(part);
  if (exists?.[2] !== undefined)
    return { operator: exists[1] === '!' ? 'absent' : 'exists', name: exists[2] };
  throw malformed(part);
}

/** Kubernetes' label selector text (equality- and set-based). Commas inside parentheses do not split. */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  parts.push(part);
  return parts
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map(requirement);
}
