import { z } from 'zod';

const instant = z.iso
  .datetime({ offset: true, error: 'expected an instant such as 2027-01-31T10:00:00Z' })
  .transform((text) => new Date(text));
const meter = z.string().min(1);
const plan = z.string().regex(/^[^/]+\/[^/]+$/, 'expected PRODUCT/PLAN, such as weather/pro');
const units = z.number().int().min(0).max(1e12);

const shape = z.strictObject({
  meter,
  perDay: units.describe('Units on a day of the week.'),
  weekend: z.number().min(0).max(100).default(1).describe('What a Saturday or Sunday has of it.'),
  growthPercent: z
    .number()
    .min(-50)
    .max(500)
    .default(0)
    .describe('More in each month than in the one before, compounded.'),
  from: instant.optional(),
  to: instant.optional(),
});

const money = z.string().regex(/^\d{1,9}(\.\d{1,3})?$/, 'expected an amount in major units, such as "25.00"');

const credits = z.strictObject({
  amount: money,
  reason: z.string().min(1).default('Welcome'),
  priority: z.number().int().min(0).max(100).optional(),
  expires: instant.optional(),
});

const pack = z.strictObject({ pack: z.string(), amount: money.optional() });

const giveBack = z.strictObject({
  to: z.enum(['balance', 'card']).default('balance').describe('The card that paid, or the balance.'),
  amount: money.optional().describe('Of the first line of the newest invoice; default: all that is left of it.'),
  reason: z.string().min(1).default('Sorry'),
});

const taxRate = z.strictObject({
  country: z.string(),
  name: z.string().default('VAT'),
  percent: z.string(),
  from: instant,
  to: instant.optional(),
});

const release = z.strictObject({
  at: instant,
  catalog: z.string().min(1).describe('A catalogue file with what changes, relative to this one.'),
  migrate: z.array(plan).max(50).default([]).describe('Plans whose subscribers come to their newest version.'),
  noticeDays: z.number().int().min(0).max(365).default(30),
});

const step = z
  .strictObject({
    at: instant,
    use: z.record(meter, units).optional().describe('Units of each meter, in one event.'),
    arrives: instant.optional().describe('When that usage reaches the ledger, if it is late.'),
    card: z.enum(['good', 'declined']).optional().describe('Saves this card.'),
    cancel: z.enum(['now', 'period_end']).optional(),
    change: plan.optional().describe('Puts the subscription on this plan.'),
    when: z.enum(['now', 'period_end']).optional().describe('Of a change; default: at once when the fee is higher.'),
    keepPlan: z.literal(true).optional().describe('Takes a planned change back.'),
    reactivate: z.literal(true).optional().describe('Takes a scheduled cancellation back.'),
    credits: credits.optional().describe('Is given prepaid credits, in the currency of its plan.'),
    buy: pack.optional().describe('Buys a pack of credits.'),
    giveBack: giveBack.optional().describe('Is given back an invoice that was issued, or a part of it.'),
    exempt: z.string().min(1).optional().describe('Is charged no tax from now on, for this reason.'),
    topUp: pack
      .extend({ below: money, monthly: money })
      .optional()
      .describe('Has credits bought when less than that is left, up to so much in a month.'),
  })
  .refine(
    ({ at: _at, arrives: _arrives, when: _when, ...things }) =>
      Object.values(things).filter((one) => one !== undefined).length === 1,
    'a step does one thing: use, card, cancel, reactivate, change, keepPlan, credits, buy, giveBack, exempt or topUp',
  )
  .refine(({ use, arrives }) => arrives === undefined || use !== undefined, 'only usage arrives')
  .refine(({ change, when }) => when === undefined || change !== undefined, 'only a change has a when');

const days = z.number().min(0).max(365);

const dunning = z.strictObject({
  retryDays: z.array(days).max(20).default([1, 3, 5, 7]),
  graceDays: days.default(3),
  warningDays: days.default(1),
  reminderDays: days.default(3),
  finalStep: z.enum(['leave', 'cancel']).default('leave'),
});

const customer = z.strictObject({
  name: z.string().min(1).max(120),
  plan,
  signsUp: instant.optional().describe('Default: the start.'),
  card: z.enum(['good', 'declined', 'none']).default('good'),
  country: z.string().optional().describe('Where it is; its tax depends on that.'),
  region: z.string().optional().describe('Of it, where its tax depends on that.'),
  postalCode: z.string().optional().describe('There, where its tax depends on that.'),
  taxId: z.string().optional().describe('Its tax number there.'),
  usage: z.array(shape).max(50).default([]),
  steps: z.array(step).max(10_000).default([]),
});

/** The file that `tollgate sim` reads: who signs up when, uses how much, and does what. */
export const scenarioSchema = z.strictObject({
  title: z.string().min(1),
  catalog: z.string().min(1).describe('The catalogue file, relative to this one.'),
  start: instant,
  months: z.number().int().min(1).max(120).default(14),
  workEveryDays: z.number().int().min(1).max(31).default(1).describe('How often the worker looks at what is due.'),
  dunning: dunning.optional().describe('What follows when a payment fails; without it nothing does.'),
  taxRates: z.array(taxRate).max(100).default([]).describe('Of the default seller.'),
  releases: z.array(release).max(100).default([]).describe('Changes of the catalogue on the way.'),
  customers: z.array(customer).min(1).max(10_000),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type SimulatedCustomer = Scenario['customers'][number];
export type UsageShape = SimulatedCustomer['usage'][number];
export type Release = Scenario['releases'][number];
export type CustomerStep = SimulatedCustomer['steps'][number];
