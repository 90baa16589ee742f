import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { eventOf } from '../rows/run.ts';
import type { EventRepository } from '../stores-run.ts';

const maxEvents = 500;

export function eventRepository(context: Context): EventRepository {
  const { tenant, driver } = context;
  const after = async (where: SQL, seq: number, limit: number) => {
    const rows = await driver.all(
      sql`SELECT * FROM run_event WHERE tenant = ${tenant} AND ${where} AND seq > ${seq}
        ORDER BY seq LIMIT ${Math.min(Math.max(limit, 1), maxEvents)}`,
    );
    if (rows.length === 0) return [];
    const sealer = await context.sealer();
    return Promise.all(rows.map((row) => eventOf(row, sealer)));
  };
  return {
    ofRun: (run, seq, limit) => after(sql`run = ${run}`, seq, limit),
    ofApplication: (application, seq, limit) => after(sql`application = ${application}`, seq, limit),
  };
}
