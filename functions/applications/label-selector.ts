import { Fault } from '../../engine/fault.ts';
import { type LabelRequirement, parseLabelSelector } from '../../engine/oam/label-selector.ts';

/** The label selector of a query; what is none is told as a malformed request. */
export function labelSelectorOf(text: string): readonly LabelRequirement[] {
  const parsed = parseLabelSelector(text);
  if (parsed.ok) return parsed.value;
  const errors = parsed.issues.map(({ message, expected = '', actual = '' }) => ({
    pointer: '/labelSelector',
    detail: message,
    expected,
    actual,
  }));
  throw new Fault('request.malformed', errors[0]?.detail ?? '', { errors });
}
