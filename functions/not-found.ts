/** What is told of an address that nothing answers: whether it is the address or the method that is wrong. */
import type { Context, Hono } from 'hono';
import { Fault } from '../engine/fault.ts';
import type { Env } from './middleware/request-context.ts';
import { problemResponse } from './problem.ts';

interface Address {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** 405 with `Allow` where other methods are answered, else 404. */
export function notFound(app: Pick<Hono<Env>, 'routes'>): (context: Context<Env>) => Response {
  let addresses: readonly Address[] | undefined;
  return (context) => {
    addresses ??= addressesOf(app);
    const { method, path } = context.req;
    const allowed = addresses.find(({ pattern }) => pattern.test(path))?.methods ?? [];
    const requestId = context.get('requestId');
    if (allowed.length === 0) {
      const sentence = 'There is nothing here. The addresses that there are stand in /openapi.json.';
      return problemResponse(new Fault('resource.not_found', sentence), requestId);
    }
    const errors = [{ pointer: '', detail: 'The method.', expected: allowed.join(' or '), actual: method }];
    const sentence = `${method} is not answered here, only ${allowed.join(', ')}.`;
    const response = problemResponse(new Fault('request.method', sentence, { errors }), requestId);
    response.headers.set('allow', allowed.join(', '));
    return response;
  };
}

/** By path, those without parameters first: a literal segment is meant before a parameter is. */
function addressesOf({ routes }: Pick<Hono<Env>, 'routes'>): readonly Address[] {
  const byPath = new Map<string, Set<string>>();
  for (const { method, path } of routes) {
    if (method === 'ALL') continue;
    byPath.set(path, (byPath.get(path) ?? new Set()).add(method));
  }
  return [...byPath]
    .toSorted(([a], [b]) => a.split(':').length - b.split(':').length)
    .map(([path, methods]) => ({
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}$`),
      methods: [...methods],
    }));
}
