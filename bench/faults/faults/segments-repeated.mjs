import { createQueue, SEGMENT_JOB_NAME, SEGMENT_QUEUE, decodeSegmentJob } from '#queues';
import { withClient } from '../../../scripts/launcher/database.mjs';
import { readCallers, segmentJobs } from '../../ingest/events.mjs';
import { eventually } from '../pause.mjs';

/** H11: every segment is delivered one to five times, in any order, to two workers. */
export const segmentsRepeated = {
  id: 'H11',
  title: 'segments delivered 1–5 times in any order',
  figure: 'same totals',
  workers: 2,
  hasLoad: false,
  async run({ installation, random, isQuick }) {
    const { superuserUrl, settings } = installation;
    const callers = await readCallers(superuserUrl, 4);
    const names = await readNames(superuserUrl);
    const wanted = { callers, operations: 10, events: isQuick ? 4_000 : 20_000, segmentSize: 200, perSecond: 1_000 };
    const deliveries = [];
    const calls = [];
    let segments = 0;
    for await (const job of segmentJobs({ ...wanted, gatewayId: 'repeated' })) {
      segments++;
      for (const { id, applicationId, billable } of (await decodeSegmentJob(job)).events)
        if (billable) calls.push({ name: id, id, key: names.get(applicationId), outcome: 'delivered' });
      const times = Math.ceil(random.between(0, 5));
      for (let attempt = 1; attempt <= times; attempt++) deliveries.push({ ...job, attempt });
    }
    const queue = createQueue(SEGMENT_QUEUE, settings.QUEUE_URL);
    for (const job of random.shuffled(deliveries)) await queue.add(SEGMENT_JOB_NAME, job);
    await eventually('the queue is empty', async () => (await queue.countPending()) === 0, 120_000);
    await queue.close();
    return { calls, segments, deliveries: deliveries.length };
  },
  judge({ outcome: { segments, deliveries }, weighed }) {
    return {
      measured: `${segments} segments, ${deliveries} deliveries`,
      reached: weighed.billed === weighed.delivered,
    };
  },
};

function readNames(superuserUrl) {
  return withClient(superuserUrl, async (client) => {
    const { rows } = await client.query('SELECT id, name FROM application');
    return new Map(rows.map(({ id, name }) => [id, name]));
  });
}
