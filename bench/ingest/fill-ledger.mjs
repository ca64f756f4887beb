import { say } from '../stage.mjs';
import { readCallers, segmentJobs } from './events.mjs';

/** How many go to the ledger together. */
const eventsTogether = 16_000;
const tellEvery = 1_000_000;

/**
 * Brings so many events into the ledger by the code of the worker, of the first `callerCount` keys of the installation, from
 * `startMs` on (default: when the youngest of their periods began) for so many seconds.
 */
export async function fillLedger({ context, clock, superuserUrl, callerCount, events, startMs, seconds, ...shape }) {
  const { segmentSize = 2_000 } = shape;
  const segmentsTogether = Math.ceil(eventsTogether / segmentSize);
  const { ingestSegments } = await import('#services');
  const callers = await readCallers(superuserUrl, callerCount);
  const load = {
    operations: 10,
    gatewayId: 'bench',
    ...shape,
    callers,
    events,
    segmentSize,
    perSecond: events / seconds,
    startMs: startMs ?? Math.max(...callers.map(({ periodStartMs }) => periodStartMs)),
  };
  let waiting = [];
  let done = 0;
  const flush = async () => {
    clock.moveTo(new Date());
    for (const { status, reason, value } of await ingestSegments(context, waiting)) {
      if (status === 'rejected') throw reason;
      if (value.quarantined !== 0) throw new Error(`${value.quarantined} events of a segment were kept aside`);
    }
    done += waiting.length * segmentSize;
    waiting = [];
    if (done % tellEvery < segmentsTogether * segmentSize) say(`${done} events …`);
  };
  for await (const job of segmentJobs(load)) {
    waiting.push(job);
    if (waiting.length === segmentsTogether) await flush();
  }
  if (waiting.length > 0) await flush();
}
