import { MemoryQueue } from '../../queues/transports/memory.ts';
import { queueContract } from '../contract/queue.ts';

queueContract('the memory transport', async (consume) => {
  const queue = new MemoryQueue({ consume });
  return { queue, close: () => queue.close() };
});
