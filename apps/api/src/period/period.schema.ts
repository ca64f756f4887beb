import { z } from 'zod';
import { id, instant, instantInput, money, organizationReference, productReference } from '../contract/value.schema.js';

const periodState = z.enum(['open', 'incomplete', 'closed']);

export const periodQuery = z.strictObject({ state: periodState.optional() });

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
            state: periodState,
            heldReason: z.string().nullable().describe('Why a due period is not closed, and what to do.'),
            closedAt: instant.nullable(),
          })
          .meta({ id: 'BillingPeriod' }),
      )
      .readonly(),
  })
  .meta({ id: 'BillingPeriodList' });

export const closePeriodsRequest = z
  .strictObject({ at: instantInput.optional().describe('Closes what ended by then; now when absent.') })
  .meta({ id: 'ClosePeriodsRequest' });

export const closePeriodsAnswer = z
  .object({
    closed: z
      .array(
        z.object({
          subscriptionId: id,
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
