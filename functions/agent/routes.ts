/** The agent's side of the service: `/agent/v1`. Not part of the public API and not in its OpenAPI document. */
import { Hono } from 'hono';
import { MAX_REPORT_BYTES } from '../../engine/delivery/protocol.ts';
import { readBody } from '../body.ts';
import type { AgentDeps, AgentRequest } from './authenticate.ts';
import { enrolAgent } from './enrol.ts';
import { openWake } from './open-wake.ts';
import { takeReports } from './report.ts';
import { syncAgent } from './sync.ts';

const SMALL_BYTES = 64 * 1024;
/** A report of the cap with some room for what wraps it; capabilities name thousands of kinds. */
const LARGE_BYTES = MAX_REPORT_BYTES + 256 * 1024;

async function read(request: Request, cap: number): Promise<AgentRequest> {
  const { method, headers, url } = request;
  return { method, path: new URL(url).pathname, headers, body: await readBody(request, cap) };
}

export function agentRoutes(deps: AgentDeps): Hono {
  return new Hono()
    .post('/enrol', async (context) =>
      context.json(await enrolAgent(deps, await read(context.req.raw, SMALL_BYTES))),
    )
    .post('/sync', async (context) =>
      context.json(await syncAgent(deps, await read(context.req.raw, LARGE_BYTES))),
    )
    .post('/report', async (context) =>
      context.json(await takeReports(deps, await read(context.req.raw, LARGE_BYTES))),
    )
    .get('/wake', async (context) => openWake(deps, await read(context.req.raw, 0), context.req.raw));
}
