/** The badge: phase at a glance, for a README or a wiki. */
import type { PublicSummary } from '../../engine/workflow/public-status.ts';
import { escapeMarkup } from './escape.ts';
import { toneOf } from './tone.ts';

const colour = { good: '#2d7d46', busy: '#8a6d00', bad: '#b3261e', idle: '#5f6368' } as const;
const CHARACTER_PX = 6.6;
const PADDING_PX = 10;

/** SVG with the Application's name on the left and its phase on the right. */
export function badge(summary: PublicSummary): string {
  const left = Math.round(summary.application.length * CHARACTER_PX) + 2 * PADDING_PX;
  const right = Math.round(summary.phase.length * CHARACTER_PX) + 2 * PADDING_PX;
  const [name, phase] = [escapeMarkup(summary.application), escapeMarkup(summary.phase)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}: ${phase}">
<title>${name}: ${phase}</title>
<rect width="${left}" height="20" fill="#3c4043"/><rect x="${left}" width="${right}" height="20" fill="${colour[toneOf(summary.phase)]}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="${left / 2}" y="14">${name}</text><text x="${left + right / 2}" y="14">${phase}</text></g></svg>
`;
}
