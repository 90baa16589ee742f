/**
 * Holds a request against the description of its route before anything acts on it: a query parameter that the route does
 * not have is refused, since a misspelt `dryRun` must not submit, and a JSON body is read in whatever media type a plain
 * `curl -d` sends.
 */
import { type OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { Fault } from '../../engine/fault.ts';
import { textOf } from '../body.ts';
import { malformedBy, unknownName } from '../malformed.ts';
import type { DescribedRoute, Env } from './request-context.ts';

interface Known extends DescribedRoute {
  readonly method: string;
  readonly pattern: RegExp;
}

/** For the routes that the application has by the time of its first request. Faults `request.malformed`, `request.media_type`. */
export function asDescribed(app: Pick<OpenAPIHono<Env>, 'openAPIRegistry'>): MiddlewareHandler<Env> {
  let routes: readonly Known[] | undefined;
  return async (context, next) => {
    routes ??= app.openAPIRegistry.definitions.flatMap((one) =>
      one.type === 'route' ? [known(one.route)] : [],
    );
    const { method, path } = context.req;
    const found = routes.find((route) => route.method === method && route.pattern.test(path));
    if (found !== undefined) {
      context.set('described', found);
      checkQuery(context, found);
      if (found.json !== 'none') await readJson(context, found.json);
    }
    await next();
  };
}

function known({ method, path, request }: RouteConfig): Known {
  const content = request?.body?.content ?? {};
  const json = content['application/json'];
  const body = json !== undefined && 'schema' in json ? json.schema : undefined;
  // With another form beside it the route reads the text itself.
  const isJson = body !== undefined && Object.keys(content).length === 1;
  return {
    method: method.toUpperCase(),
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]*\}/g, '[^/]+')}$`),
    query: namesOf(request?.query),
    body: namesOf(body),
    json: isJson ? (request?.body?.required === true ? 'required' : 'optional') : 'none',
  };
}

const namesOf = (schema: unknown): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

function checkQuery(context: Context<Env>, { query }: Known): void {
  const sent = Object.keys(context.req.queries());
  const unknown = sent.filter((name) => !query.includes(name));
  if (unknown.length === 0) return;
  throw malformedBy(unknown.map((name) => unknownName('The query parameter', `/${name}`, query)));
}

/** What clients send that were told no media type. */
const untold = new Set(['', 'application/x-www-form-urlencoded', 'text/plain']);

async function readJson(context: Context<Env>, need: 'required' | 'optional'): Promise<void> {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const text = textOf(new Uint8Array(await context.req.arrayBuffer()));
  const empty = text.trim() === '';
  if (!empty && !untold.has(type) && type !== 'application/json' && !type.endsWith('+json')) {
    const errors = [{ pointer: '', detail: 'The media type.', expected: 'application/json', actual: type }];
    throw new Fault('request.media_type', `This route takes application/json, not ${type}.`, { errors });
  }
  if (empty && need === 'required') {
    throw malformedBy([
      { pointer: '', detail: 'The body is empty.', expected: 'a JSON object', actual: 'nothing' },
    ]);
  }
  if (!empty) checkJson(text);
  const { raw } = context.req;
  const headers = new Headers(raw.headers);
  if (empty) headers.delete('content-type');
  else headers.set('content-type', 'application/json');
  context.req.raw = new Request(raw.url, { method: raw.method, headers, body: empty ? null : text });
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const actual = error instanceof Error ? unexpectedIn(error.message) : 'other text';
    const detail = `The body is not JSON: it has ${actual}.`;
    throw malformedBy([{ pointer: '', detail, expected: 'JSON', actual }]);
  }
}

/** What V8's message tells of the text, in our own words: it knows the place only of long texts. */
function unexpectedIn(message: string): string {
  if (message.includes('end of JSON input')) return 'an end that comes too early';
  const [, token] = /Unexpected token '(.{1,2})'/s.exec(message) ?? [];
  const place = /line \d+ column \d+/.exec(message)?.[0];
  const what = token === undefined ? 'something unexpected' : `an unexpected ${JSON.stringify(token)}`;
  return place === undefined ? what : `${what} at ${place}`;
}
