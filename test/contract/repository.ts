/**
 * What every database behind the store must keep to. A driver joins by one file in test/db that gives a fixture; what it
 * can't do is a named skip with its reason, and there is none yet.
 */
import { after, before, describe, it } from 'node:test';
import type { Driver } from '../../db/drivers/driver.ts';
import { groups } from './repository/cases.ts';
import { makeWorld } from './repository/world.ts';

/** Where the cases run: in this process, or in a runtime that has them in its bundle. */
export interface Fixture {
  run(group: string, title: string): Promise<void>;
  close(): Promise<void>;
}

export interface Skip {
  readonly test: string;
  readonly reason: string;
}

export function repositoryContract(
  name: string,
  open: () => Promise<Fixture>,
  skips: readonly Skip[] = [],
): void {
  describe(`repository contract on ${name}`, () => {
    let fixture: Fixture | undefined;
    before(async () => {
      fixture = await open();
    });
    after(async () => fixture?.close());
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const title of Object.keys(cases)) {
          const skip = skips.find((one) => one.test === title)?.reason ?? false;
          it(title, { skip }, async () => fixture?.run(group, title));
        }
      });
    }
  });
}

/** The cases in this process, on a driver over an empty database with all migrations. */
export function inProcess(driver: Driver, close: () => Promise<void>): Fixture {
  return {
    close,
    async run(group, title) {
      const test = groups[group]?.[title];
      if (test === undefined) throw new Error(`no case ${group}: ${title}`);
      await test(await makeWorld(driver));
    },
  };
}
