import { PGlite } from '@electric-sql/pglite';
import { pgliteDriver } from '../../db/drivers/pglite.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import { inProcess, repositoryContract } from '../contract/repository.ts';

repositoryContract('PGlite', async () => {
  const database = await PGlite.create();
  const driver = pgliteDriver(database);
  await migrate(driver);
  return inProcess(driver, () => database.close());
});
