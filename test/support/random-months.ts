import { expect } from 'vitest';
import { parseDecimal } from '#domain';
import { parseScenario } from '../../apps/cli/src/sim/read-scenario.js';
import { aRandom } from './random.js';
import { runSimulation } from './simulation.js';

export const DAY_MS = 86_400_000;
export const start = Date.UTC(2027, 0, 1);
const months = 14;
const plans = ['pro', 'scale', 'cliff', 'committed', 'yen', 'dinar', 'quota', 'stations'];

/** Fourteen months of customers who sign up, use, are late and cancel at random. */
function randomScenario(seed: number, customers: number) {
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

/** Runs so many, and holds every invoice to its lines and every line to what it is rated again. */
export async function expectMonthsToAddUp(seed: number, customers: number): Promise<void> {
  const { invoices, report } = await runSimulation(randomScenario(seed, customers), { collects: false });
  // Its check of lines rates every period anew and compares each line to the byte.
  expect(report).toMatchObject({ ok: true });
  expect(invoices.length).toBeGreaterThan(customers * 4);
  for (const invoice of invoices) {
    const sum = invoice.lines.reduce((total, { amount }) => total.plus(amount), parseDecimal('0', 'sum'));
    expect(sum.eq(invoice.subtotal), JSON.stringify(invoice)).toBe(true);
    expect(sum.plus(invoice.tax).eq(invoice.total), JSON.stringify(invoice)).toBe(true);
  }
  expect(invoices.flatMap(({ lines }) => lines).filter(({ kind }) => kind === 'late_usage').length).toBeGreaterThan(
    customers / 10,
  );
  const numbers = invoices.flatMap(({ number }) => number ?? []).sort();
  expect(numbers).toEqual(numbers.map((_, index) => `SKY-${String(index + 1).padStart(6, '0')}`));
}
