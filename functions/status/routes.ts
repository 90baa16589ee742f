import { Hono } from 'hono';
import type { Deps } from '../deps.ts';
import { tagged } from '../etag.ts';
import type { Env } from '../middleware/request-context.ts';
import { eventStream, type StreamCounts } from '../sse.ts';
import { badge } from './badge.ts';
import { publicStatus } from './get.ts';
import { page, script, style } from './page.ts';

const cacheable = {
  'cache-control': 'no-cache',
  'access-control-allow-origin': '*',
  vary: 'accept',
} as const;

/** Whether a reader would rather have a page than JSON: only if HTML is named before JSON. */
function wantsPage(accept: string | undefined): boolean {
  const types = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  const html = types.indexOf('text/html');
  const json = types.indexOf('application/json');
  return html >= 0 && (json < 0 || html < json);
}

const sourceHash = async (text: string): Promise<string> => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return `'sha256-${btoa(String.fromCharCode(...hash))}'`;
};

/** Lets through exactly the page's own style and script. */
async function pagePolicy(): Promise<string> {
  const [styles, scripts] = await Promise.all([sourceHash(style), sourceHash(script)]);
  return `default-src 'none'; style-src ${styles}; script-src ${scripts}; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'`;
}

export function statusRoutes(deps: Deps, counts: StreamCounts): Hono<Env> {
  let policy: Promise<string> | undefined;
  const asJson = async (request: Request, id: string) => {
    const { summary } = await publicStatus(deps, id);
    return tagged(request, JSON.stringify(summary), { ...cacheable, 'content-type': 'application/json' });
  };
  const asPage = async (request: Request, id: string) => {
    const { summary } = await publicStatus(deps, id);
    policy ??= pagePolicy();
    return tagged(request, page(summary), {
      ...cacheable,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': await policy,
      'referrer-policy': 'no-referrer',
    });
  };
  const asBadge = async (request: Request, id: string) => {
    const { summary } = await publicStatus(deps, id);
    return tagged(request, badge(summary), {
      ...cacheable,
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
  };
  return new Hono<Env>()
    .get('/:id/events', async (context) => {
      const { id } = await publicStatus(deps, context.req.param('id'));
      return eventStream(counts, {
        request: context.req.raw,
        subject: id,
        poll: async (lastId) => {
          const { summary, version } = await publicStatus(deps, id);
          const same = lastId === String(version);
          return { events: same ? [] : [{ id: String(version), event: 'status', data: summary }] };
        },
      });
    })
    .get('/:file', (context) => {
      const file = context.req.param('file');
      const request = context.req.raw;
      if (file.endsWith('.svg')) return asBadge(request, file.slice(0, -'.svg'.length));
      if (file.endsWith('.json')) return asJson(request, file.slice(0, -'.json'.length));
      return wantsPage(context.req.header('accept')) ? asPage(request, file) : asJson(request, file);
    });
}
