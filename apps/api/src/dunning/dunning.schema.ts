import { z } from 'zod';
import { id, instant, instantInput, money, organizationReference } from '../contract/value.schema.js';
import { invoiceState } from '../invoice/invoice.schema.js';

const step = z.enum(['warn', 'retry', 'suspend', 'exhaust']);

/** What both sides see of an unpaid invoice. */
const shared = {
  invoiceId: id,
  number: z.string().nullable(),
  state: invoiceState,
  paymentMethod: z.enum(['card', 'transfer']),
  due: money.describe('What is left to pay.'),
  hostedUrl: z.string().nullable().describe('The payment provider’s page on which it can be paid.'),
  failureMessage: z.string().nullable().describe('Why the last attempt failed; null while one is under way.'),
  mustConfirm: z.boolean().describe('True when the bank wants the payment to be confirmed on the provider’s page.'),
  nextRetryAt: instant.nullable().describe('When the card is charged next by itself.'),
  accessEndsAt: instant
    .nullable()
    .describe('When calls are refused, if nothing is paid; null when they are, or never will be.'),
  isSuspended: z.boolean().describe('True when it keeps the calls of the organization refused.'),
} as const;

export const unpaidInvoices = z
  .object({
    isSuspended: z.boolean().describe('True when the gateways refuse the calls of the organization.'),
    owed: z.array(money).readonly().describe('What is left to pay of all of them, in each currency.'),
    invoices: z
      .array(z.object(shared).meta({ id: 'UnpaidInvoice' }))
      .readonly()
      .describe('Oldest first.'),
  })
  .meta({ id: 'UnpaidInvoices' });

const dunning = z
  .object({
    ...shared,
    organization: organizationReference,
    attempts: z.int().describe('How often a card was charged, or is about to be.'),
    beganAt: instant.nullable().describe('When the first attempt failed.'),
    nextStep: z.object({ kind: step, at: instant }).meta({ id: 'DunningNextStep' }).nullable(),
    isDisputed: z.boolean().describe('A bank asks a payment of it back, and has not decided: dunning rests.'),
    pausedUntil: instant.nullable(),
    pauseReason: z.string().nullable(),
  })
  .meta({ id: 'Dunning', description: 'An unpaid invoice, and what follows by itself.' });

export const dunningList = z
  .object({
    dunning: z.array(dunning).readonly().describe('Oldest invoice first.'),
    next: z.string().nullable().describe('The `after` of the next page, or null.'),
  })
  .meta({ id: 'DunningList' });

export const dunningDetail = z
  .object({
    ...dunning.shape,
    history: z
      .array(
        z
          .object({
            kind: z.enum([
              'began',
              'failed',
              'retried',
              'reminded',
              'warned',
              'suspended',
              'exhausted',
              'paid',
              'withdrawn',
              'disputed',
              'dispute_closed',
            ]),
            at: instant,
            attempt: z.int().nullable(),
            note: z.string().nullable(),
          })
          .meta({ id: 'DunningStep' }),
      )
      .readonly()
      .describe('Oldest first.'),
  })
  .meta({ id: 'DunningDetail' });

export const dunningQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: id.optional().describe('The id of the last invoice of the page before.'),
});

export const dunningPause = z
  .strictObject({
    until: instantInput.describe('Within the next 366 days.'),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'DunningPause' });

export const foundDunningPause = z
  .object({ until: instant.nullable().describe('Null when it does not rest.'), reason: z.string().nullable() })
  .meta({ id: 'FoundDunningPause' });
