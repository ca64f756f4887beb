import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../apps/cli/src/sim/read-scenario.js';
import { aRandom } from '../support/random.js';
import { DAY_MS, expectMonthsToAddUp, start } from '../support/random-months.js';
import { runSimulation } from '../support/simulation.js';

/** Six customers who use so little that most months are below the least that a card is charged. */
function smallScenario(seed: number) {
  const random = aRandom(seed);
  const below = (bound: number) => Math.floor(random.between(0, bound));
  return parseScenario(
    {
      title: `Small amounts of seed ${seed}`,
      catalog: 'catalog.yaml',
      start: new Date(start).toISOString(),
      months: 6,
      workEveryDays: 30,
      customers: Array.from({ length: 6 }, (_, index) => ({
        name: `Customer ${index}`,
        plan: 'weather/cliff',
        signsUp: new Date(start + below(20 * DAY_MS)).toISOString(),
        steps: Array.from({ length: 5 }, (__, month) => ({
          at: new Date(start + (month * 30 + 21 + below(8)) * DAY_MS).toISOString(),
          use: { requests: 1 + below(70) },
        })),
      })),
    },
    `small amounts of seed ${seed}`,
  );
}

describe('random months of many customers', () => {
  it('who use little are carried from month to month, and charged for what adds up', async () => {
    const { invoices, report } = await runSimulation(smallScenario(4), { collects: true });
    // Receivables and the provider are among its checks.
    expect(report).toMatchObject({ ok: true });
    const owed = invoices.filter(({ number }) => number !== null);
    const little = owed.filter(({ total }) => Number(total) < 0.5);
    expect(little.length).toBeGreaterThan(8);
    expect(little.filter(({ state }) => state === 'paid').length).toBeGreaterThan(4);
    expect(little.filter(({ state }) => state === 'issued').length).toBeGreaterThan(0);
    for (const { total, state } of owed) if (Number(total) >= 0.5) expect(state).toBe('paid');
  });

  it('add up, and are the same when they are rated again', () => expectMonthsToAddUp(1, 60));
});
