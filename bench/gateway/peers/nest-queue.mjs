import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { prepareDatabase } from '../../../scripts/launcher/database.mjs';

/** A database for the peer alone; returns how its owner signs in. */
export async function prepareQueueDatabase(postgres) {
  const { ownerUrl } = await prepareDatabase({
    superuserUrl: postgres.url(),
    database: 'nest_queue',
    password: postgres.applicationPassword,
  });
  return ownerUrl;
}

/** Waits until the worker has taken every job. */
export async function drainQueue(redisPort, withinMs = 300_000) {
  const queue = new Queue('usage', { connection: { host: '127.0.0.1', port: redisPort } });
  const deadline = performance.now() + withinMs;
  try {
    while ((await queue.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized')) > 0) {
      if (performance.now() > deadline) throw new Error('The worker of the Nest peer does not keep up.');
      await pause(100);
    }
  } finally {
    await queue.close();
  }
}
