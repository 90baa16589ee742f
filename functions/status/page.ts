/** The public status as a page: readable without scripts, kept fresh by a small one where there are. */
import type { PublicSummary } from '../../engine/workflow/public-status.ts';
import { escapeMarkup } from './escape.ts';
import { toneOf } from './tone.ts';

export const style = `
:root{color-scheme:light dark;--good:#2d7d46;--busy:#8a6d00;--bad:#b3261e;--idle:#5f6368}
body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}
.phase{display:inline-block;padding:.15rem .7rem;border-radius:1rem;color:#fff;font-weight:600}
.good{background:var(--good)}.busy{background:var(--busy)}.bad{background:var(--bad)}.idle{background:var(--idle)}
table{border-collapse:collapse;width:100%;margin-top:1rem}
th,td{text-align:left;padding:.4rem .5rem;border-bottom:1px solid #8884}
small{opacity:.75}`;

/** Reloads when the status changes. Kept tiny: the page itself holds everything. */
export const script = `
const events=new EventSource(location.pathname.replace(/\\.html$/,'')+'/events');let first=true;
events.addEventListener('status',()=>{if(first){first=false;return}location.reload()});`;

const health = {
  healthy: ['good', 'healthy'],
  unhealthy: ['bad', 'not healthy'],
  unknown: ['idle', 'unknown'],
} as const;

function row({ name, health: state }: PublicSummary['services'][number]): string {
  const [tone, text] = health[state];
  return `<tr><td>${escapeMarkup(name)}</td><td><span class="phase ${tone}">${text}</span></td></tr>`;
}

const time = (label: string, at: string | undefined) =>
  at === undefined
    ? ''
    : `<small>${label} <time datetime="${escapeMarkup(at)}">${escapeMarkup(at)}</time></small><br>`;

/** The page. Its style and script are constants, so that a policy can name them by hash. */
export function page(summary: PublicSummary): string {
  const name = escapeMarkup(summary.application);
  const services = summary.services.map(row).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${name}: ${escapeMarkup(summary.phase)}</title><style>${style}</style></head>
<body><h1>${name}</h1>
<p><span class="phase ${toneOf(summary.phase)}" id="phase">${escapeMarkup(summary.phase)}</span> ${escapeMarkup(summary.message)}</p>
<p>Revision ${summary.revision}${summary.sandbox ? ', in a <b>sandbox</b>' : ''}</p>
<table><thead><tr><th>Service</th><th>Health</th></tr></thead><tbody>${services}</tbody></table>
<p>${time('Started', summary.startedAt)}${time('Finished', summary.finishedAt)}${time('Updated', summary.updatedAt)}</p>
<script>${script}</script></body></html>
`;
}
