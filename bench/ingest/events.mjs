// Usage events as gateways write them, for the subscriptions of a seeded installation.
import { randomFillSync } from 'node:crypto';
import { FixedClock, UuidV7Generator } from '#domain';
import { encodeSegmentJob } from '#queues';
import { withClient } from '../../scripts/launcher/database.mjs';

const statuses = [200, 200, 200, 200, 200, 200, 200, 200, 404, 500];

/** What an event says of who called in the period that began last, one for each key of the installation, at most so many. */
export async function readCallers(superuserUrl, count) {
  const { rows } = await withClient(superuserUrl, (client) =>
    client.query(
      `SELECT credential.id AS "credentialId", credential.organization_id AS "organizationId",
         credential.application_id AS "applicationId", subscription.id AS "subscriptionId", phase.id AS "phaseId",
         phase.plan_version_id AS "planVersionId", subscription.api_product_id AS "apiProductId",
         period.starts_at AS "periodStart", (SELECT id FROM api_version LIMIT 1) AS "apiVersionId"
       FROM credential JOIN subscription USING (application_id)
         JOIN subscription_phase AS phase ON phase.subscription_id = subscription.id
         CROSS JOIN LATERAL (SELECT starts_at FROM billing_period WHERE subscription_id = subscription.id
                             ORDER BY starts_at DESC LIMIT 1) AS period
       ORDER BY credential.id LIMIT $1`,
      [count],
    ),
  );
  return rows.map(({ periodStart, ...caller }) => ({ ...caller, periodStartMs: periodStart.getTime() }));
}

/** A number from 0 up to `below`, the same sequence in every run. */
function sequence(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Which of so many comes next: the second half as often as the first, the third a third as often … (Zipf's law). */
function skewed(next, count) {
  const upTo = [];
  let sum = 0;
  for (let rank = 1; rank <= count; rank++) upTo.push((sum += 1 / rank));
  return () => {
    const at = (next(2 ** 30) / 2 ** 30) * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle] > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/**
 * So many events as a gateway records them, in lists of one length: callers and operations at random (some much more
 * often than others, unless `isEven`), two in ten without a charge, admitted `perSecond` a second from `startMs` on. From
 * now on, unless told; the ledger takes events of the next five minutes.
 */
export function* usageEvents({
  callers,
  operations,
  events,
  listLength,
  perSecond,
  isEven,
  gatewayId,
  startMs = Date.now(),
}) {
  const next = sequence(7);
  const nextCaller = isEven ? () => next(callers.length) : skewed(next, callers.length);
  const nextOperation = isEven ? () => next(operations) : skewed(next, operations);
  const clock = new FixedClock(startMs);
  const ids = new UuidV7Generator(clock, randomFillSync);
  for (let done = 0; done < events;) {
    const list = [];
    for (; list.length < listLength && done < events; done++) {
      const admittedMs = startMs + Math.floor((done * 1_000) / perSecond);
      if (admittedMs !== clock.nowMs()) clock.moveTo(new Date(admittedMs));
      const status = statuses[next(statuses.length)];
      const isPaid = status === 200;
      list.push({
        id: ids.next(),
        seq: 0,
        endedAtMs: admittedMs + next(50),
        gatewayId,
        mode: 'live',
        ...callers[nextCaller()],
        operation: `getResource${1 + nextOperation()}`,
        method: 'GET',
        status,
        outcome: 'delivered',
        reason: isPaid ? 'ok' : status === 404 ? 'upstream_4xx' : 'upstream_5xx',
        attempts: 1,
        bytesIn: 0,
        bytesOut: 200 + next(2_000),
        quantities: { requests: '1' },
        billable: isPaid,
        countsToQuota: isPaid,
      });
    }
    yield list;
  }
}

/** The jobs of these events, one for each list, as one gateway ships them. */
export async function* segmentJobs({ segmentSize, ...events }) {
  let segment = 0;
  for (const list of usageEvents({ ...events, listLength: segmentSize })) {
    const payloads = list.map((event) => Buffer.from(JSON.stringify(event)));
    yield await encodeSegmentJob({ gatewayId: events.gatewayId, epoch: 1, segment: ++segment, attempt: 1, payloads });
  }
}
