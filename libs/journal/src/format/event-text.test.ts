import { OUTCOMES, type UsageEvent } from '#domain';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventText } from './event-text.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('GET /things/{id}', '"', '\\', '\ud800'),
);
const quantities = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('requests', '1', '__proto__')), text);
const id = fc.uuid();
const idOrNull = fc.option(id);
const count = fc.maxSafeNat();

/** Every field that an event may have: one that is added later must be added here, and then to the text. */
const anyEvent = fc.record<Required<UsageEvent>>({
  id,
  seq: count,
  endedAtMs: count,
  gatewayId: text,
  mode: fc.constantFrom('live', 'test'),
  organizationId: id,
  applicationId: id,
  credentialId: id,
  subscriptionId: idOrNull,
  phaseId: idOrNull,
  planVersionId: idOrNull,
  periodStartMs: fc.option(count),
  apiProductId: id,
  apiVersionId: id,
  operation: text,
  method: text,
  status: count,
  outcome: fc.constantFrom(...OUTCOMES),
  reason: text,
  attempts: count,
  bytesIn: count,
  bytesOut: count,
  quantities,
  billable: fc.boolean(),
  countsToQuota: fc.boolean(),
  estimated: fc.option(fc.boolean(), { nil: undefined }),
  overrun: fc.option(quantities, { nil: undefined }),
  distinctValues: fc.option(quantities, { nil: undefined }),
});

it('is what JSON.stringify makes of an event', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      expect(eventText(event)).toBe(JSON.stringify(event));
    }),
  );
});

it('is so whatever the event before it was', () => {
  const eventsOfTwo = fc
    .tuple(anyEvent, anyEvent)
    .chain(([first, second]) =>
      fc.array(
        fc.record<Required<UsageEvent>>(
          Object.fromEntries(
            Object.keys(first).map((name) => [
              name,
              fc.constantFrom(first[name as keyof UsageEvent], second[name as keyof UsageEvent]),
            ]),
          ) as never,
        ),
        { minLength: 2, maxLength: 20 },
      ),
    );
  fc.assert(
    fc.property(eventsOfTwo, (events) => {
      for (const event of events) expect(eventText(event)).toBe(JSON.stringify(event));
    }),
  );
});
