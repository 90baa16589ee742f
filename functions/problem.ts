/** Faults as RFC 9457 problem documents. The only place where an error becomes a response body. */
import { Fault, type FaultDetail } from '../engine/fault.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Who is asking is not known',
  403: 'This key may not do that',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'In conflict with what is there',
  412: 'The precondition does not hold',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'Understood, but wrong',
  428: 'A precondition is required',
  429: 'Too many requests',
  500: 'Something went wrong on our side',
  502: 'A server that we depend on did not answer well',
  503: 'Not available right now',
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly FaultDetail[];
  readonly warnings?: readonly FaultDetail[];
}

/** The problem document for anything thrown: an unknown error gives a fixed sentence and nothing of itself. */
export function problemOf(error: unknown, requestId: string): Problem {
  const fault = error instanceof Fault ? error : new Fault('internal', 'The request failed unexpectedly.');
  return {
    type: `https://mainsheet.dev/problems/${fault.code}`,
    title: titles[fault.status] ?? 'Error',
    status: fault.status,
    detail: fault.public,
    code: fault.code,
    requestId,
    ...(fault.errors.length > 0 ? { errors: fault.errors } : {}),
    ...(fault.warnings.length > 0 ? { warnings: fault.warnings } : {}),
  };
}

/** The response of a problem, with `Retry-After` where waiting helps. `more`: members of this one problem's own. */
export function problemResponse(error: unknown, requestId: string, more: object = {}): Response {
  const problem = { ...problemOf(error, requestId), ...more };
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (error instanceof Fault && error.retry !== 'never') headers.set('retry-after', '1');
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer realm="mainsheet"');
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
