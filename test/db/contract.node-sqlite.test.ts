import { DatabaseSync } from 'node:sqlite';
import { nodeSqliteDriver } from '../../db/drivers/node-sqlite.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import { repositoryContract } from '../contract/repository.ts';

repositoryContract('node:sqlite', {
  async open() {
    const database = new DatabaseSync(':memory:');
    const driver = nodeSqliteDriver(database);
    await migrate(driver);
    return { driver, close: async () => database.close() };
  },
});
