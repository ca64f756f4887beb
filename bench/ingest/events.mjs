// Usage events as gateways write them, for the subscriptions of a seeded installation.
import { randomFillSync } from 'node:crypto';
import { FixedClock, UuidV7Generator } from '#domain';
import { encodeSegmentJob } from '#queues';
import { withClient } from '../../scripts/launcher/database.mjs';

const statuses = [200, 200, 200, 200, 200, 200, 200, 200, 404, 500];

/** What an event says of who called, one for each key of the installation, at most so many. */
export async function readCallers(superuserUrl, count) {
  const { rows } = await withClient(superuserUrl, (client) =>
    client.query(
      `SELECT credential.id AS "credentialId", credential.organization_id AS "organizationId",
         credential.application_id AS "applicationId", subscription.id AS "subscriptionId", phase.id AS "phaseId",
         phase.plan_version_id AS "planVersionId", subscription.api_product_id AS "apiProductId",
         period.starts_at AS "periodStart", (SELECT id FROM api_version LIMIT 1) AS "apiVersionId"
       FROM credential JOIN subscription USING (application_id)
         JOIN subscription_phase AS phase ON phase.subscription_id = subscription.id
         JOIN billing_period AS period ON period.subscription_id = subscription.id
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
 * The jobs of so many events in segments of one size, as one gateway ships them: callers and operations at random (some much more
 * often than others, unless `isEven`), two in ten without a charge, admitted `perSecond` a second from now on; the ledger
 * takes events of the next five minutes.
 */
export async function* segmentJobs({ callers, operations, events, segmentSize, perSecond, isEven, gatewayId }) {
  const next = sequence(7);
  const nextCaller = isEven ? () => next(callers.length) : skewed(next, callers.length);
  const nextOperation = isEven ? () => next(operations) : skewed(next, operations);
  const clock = new FixedClock(Date.now());
  const ids = new UuidV7Generator(clock, randomFillSync);
  for (let done = 0, segment = 1; done < events; segment++) {
    const payloads = [];
    for (; payloads.length < segmentSize && done < events; done++) {
      if (done % Math.max(1, Math.floor(perSecond / 1_000)) === 0) clock.moveTo(new Date(clock.nowMs() + 1));
      const status = statuses[next(statuses.length)];
      const isPaid = status === 200;
      const event = {
        id: ids.next(),
        seq: 0,
        endedAtMs: clock.nowMs() + next(50),
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
      };
      payloads.push(Buffer.from(JSON.stringify(event)));
    }
    yield await encodeSegmentJob({ gatewayId, epoch: 1, segment, attempt: 1, payloads });
  }
}
