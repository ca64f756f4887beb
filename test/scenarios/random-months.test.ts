import { describe, expect, it } from 'vitest';
import { parseDecimal } from '#domain';
import { parseScenario } from '../../apps/cli/src/sim/read-scenario.js';
import { aRandom } from '../support/random.js';
import { runSimulation } from '../support/simulation.js';

const start = Date.UTC(2027, 0, 1);
const months = 14;
const customers = 200;
const DAY_MS = 86_400_000;
const plans = ['pro', 'scale', 'cliff', 'committed', 'yen', 'dinar', 'quota', 'stations'];

/** Fourteen months of 200 customers who sign up, use, are late and cancel at random. */
function randomScenario(seed: number) {
  const random = aRandom(seed);
  const below = (bound: number) => Math.floor(random.between(0, bound));
  const instant = (fromMs: number) => new Date(fromMs + below(start + months * 30 * DAY_MS - fromMs)).toISOString();
  return parseScenario(
    {
      title: `Seed ${seed}`,
      catalog: 'catalog.yaml',
      start: new Date(start).toISOString(),
      months,
      workEveryDays: 20,
      customers: Array.from({ length: customers }, (_, index) => {
        const signsUpMs = start + below(12 * 30 * DAY_MS);
        const plan = plans[below(plans.length)]!;
        const meter = plan === 'stations' ? 'peak' : 'requests';
        const steps: object[] = Array.from({ length: 1 + below(12) }, () => {
          const at = instant(signsUpMs + 1);
          const use = { [meter]: below(20_000) };
          const isLate = below(4) === 0;
          const arrives = new Date(Date.parse(at) + (1 + below(70)) * DAY_MS).toISOString();
          return { at, use, ...(isLate && { arrives }) };
        });
        const end = below(3);
        if (end === 1) steps.push({ at: instant(signsUpMs + 1), cancel: 'now' });
        if (end === 2) steps.push({ at: instant(signsUpMs + 1), cancel: 'period_end' });
        return {
          name: `Customer ${index}`,
          plan: `weather/${plan}`,
          signsUp: new Date(signsUpMs).toISOString(),
          steps,
        };
      }),
    },
    `seed ${seed}`,
  );
}

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

  it.each([1, 2, 3])('add up, and are the same when they are rated again (seed %i)', async (seed) => {
    const { invoices, report } = await runSimulation(randomScenario(seed), { collects: false });
    // Its check of lines rates every period anew and compares each line to the byte.
    expect(report).toMatchObject({ ok: true });
    expect(invoices.length).toBeGreaterThan(customers * 4);
    for (const invoice of invoices) {
      const sum = invoice.lines.reduce((total, { amount }) => total.plus(amount), parseDecimal('0', 'sum'));
      expect(sum.eq(invoice.subtotal), JSON.stringify(invoice)).toBe(true);
      expect(sum.plus(invoice.tax).eq(invoice.total), JSON.stringify(invoice)).toBe(true);
    }
    expect(invoices.flatMap(({ lines }) => lines).filter(({ kind }) => kind === 'late_usage').length).toBeGreaterThan(
      20,
    );
    const numbers = invoices.flatMap(({ number }) => number ?? []).sort();
    expect(numbers).toEqual(numbers.map((_, index) => `SKY-${String(index + 1).padStart(6, '0')}`));
  });
});
