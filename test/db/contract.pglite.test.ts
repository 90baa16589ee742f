import { PGlite } from '@electric-sql/pglite';
import { pgliteDriver } from '../../db/drivers/pglite.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import { repositoryContract } from '../contract/repository.ts';

repositoryContract('PGlite', {
  async open() {
    const database = await PGlite.create();
    const driver = pgliteDriver(database);
    await migrate(driver);
    return { driver, close: () => database.close() };
  },
});
