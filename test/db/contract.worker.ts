/** The contract's cases in a Worker, on its own D1: a request names one, and the answer says how it ended. */
import type { D1Database } from '@cloudflare/workers-types';
import { d1Driver } from '../../db/drivers/d1.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import { groups } from '../contract/repository/cases.ts';
import { makeWorld } from '../contract/repository/world.ts';

export default {
  async fetch(request: Request, env: { readonly DB: D1Database }): Promise<Response> {
    const asked = new URL(request.url).searchParams;
    const driver = d1Driver(env.DB);
    const test = groups[asked.get('group') ?? '']?.[asked.get('title') ?? ''];
    try {
      await migrate(driver);
      if (test === undefined) throw new Error('no such case');
      await test(await makeWorld(driver));
      return new Response('passed');
    } catch (error) {
      return new Response(error instanceof Error ? (error.stack ?? error.message) : String(error), {
        status: 500,
      });
    }
  },
};
