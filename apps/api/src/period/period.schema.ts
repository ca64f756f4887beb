import { BOARD_STATES } from '#domain';
import { z } from 'zod';
import { id, instant, instantInput, money, organizationReference, productReference } from '../contract/value.schema.js';
import { invoiceState } from '../invoice/invoice.schema.js';
import { boardCursor } from './board-cursor.js';

const boardState = z
  .enum(BOARD_STATES)
  .describe(
    'open: still counting. grace: ended, and waiting for usage under way. held: ended, and held for a reason. ' +
      'review: rated, and looked at. issued: locked or issued, not paid yet. past_due: should be paid. ' +
      'settled: paid or otherwise final. unbilled: closed without an invoice.',
  );

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'expected a month such as 2026-11')
  .optional()
  .describe('Periods that end in this month (UTC). Default: all that are not done.');

const at = instantInput.optional().describe('Periods that end by then count as ended. Default: now.');

export const boardQuery = z.strictObject({ month, at });

export const periodBoard = z
  .object({
    columns: z
      .array(
        z
          .object({
            state: boardState,
            count: z.int(),
            totals: z.array(money).readonly().describe('What their invoices come to, by currency.'),
          })
          .meta({ id: 'BoardColumn' }),
      )
      .readonly(),
    holdReasons: z
      .array(z.object({ reason: z.string(), count: z.int() }))
      .readonly()
      .describe('Why periods are held, with the gateway that lags; the most first, ten at most.'),
  })
  .meta({ id: 'PeriodBoard' });

export const periodQuery = z.strictObject({
  state: boardState,
  month,
  at,
  after: boardCursor.optional().describe('The next of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const periodList = z
  .object({
    periods: z
      .array(
        z
          .object({
            subscriptionId: id,
            organization: organizationReference,
            product: productReference,
            start: instant,
            end: instant,
            state: z.enum(['open', 'incomplete', 'closed']),
            heldReason: z.string().nullable().describe('Why a due period is not closed, and what to do.'),
            closedAt: instant.nullable(),
            invoice: z
              .object({ id, number: z.string().nullable(), state: invoiceState, total: money })
              .nullable()
              .describe('Null before it is closed, and without anything to bill.'),
          })
          .meta({ id: 'BillingPeriod' }),
      )
      .readonly(),
    next: z.string().nullable().describe('Where the next page begins; null after the last.'),
  })
  .meta({ id: 'BillingPeriodList' });

export const closePeriodsRequest = z
  .strictObject({
    at: instantInput.optional().describe('Closes what ended by then; now when absent.'),
    releaseIncomplete: z
      .boolean()
      .default(false)
      .describe('Also what waits for a gateway: what it delivers afterwards is billed as late.'),
  })
  .meta({ id: 'ClosePeriodsRequest' });

export const closePeriodsAnswer = z
  .object({
    closed: z
      .array(
        z.object({
          subscriptionId: id,
          organizationName: z.string(),
          periodStart: instant,
          invoiceId: id.nullable(),
          number: z.string().nullable(),
          total: money.nullable(),
        }),
      )
      .readonly(),
    held: z.array(z.object({ subscriptionId: id, periodStart: instant, reason: z.string() })).readonly(),
  })
  .meta({ id: 'ClosePeriodsAnswer' });
