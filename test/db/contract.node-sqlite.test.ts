import { DatabaseSync } from 'node:sqlite';
import { nodeSqliteDriver } from '../../db/drivers/node-sqlite.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import { inProcess, repositoryContract } from '../contract/repository.ts';

repositoryContract('node:sqlite', async () => {
  const database = new DatabaseSync(':memory:');
  const driver = nodeSqliteDriver(database);
  await migrate(driver);
  return inProcess(driver, async () => database.close());
});
