import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { d1Driver } from '../../db/drivers/d1.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import { repositoryContract } from '../contract/repository.ts';

repositoryContract('D1 in workerd', {
  async open() {
    const options = {
      modules: true,
      script: 'export default { fetch: () => new Response() }',
      compatibilityDate: '2026-08-01',
      d1Databases: { DB: 'contract' },
      cf: false,
    } as const;
    const miniflare = new Miniflare(convertV4MiniflareOptions(options));
    const driver = d1Driver(await miniflare.getD1Database('DB'));
    await migrate(driver);
    return { driver, close: () => miniflare.dispose() };
  },
});
