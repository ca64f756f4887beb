import { z } from 'zod';
import { tierCharge } from '../catalog/plan.schema.js';
import { decimal, id, organizationReference } from '../contract/value.schema.js';

const at = z.iso.datetime();
const amount = z.string().describe('In major units, with all places of the currency.');

/** One invoice as a file; see `invoiceJson`. Here for the OpenAPI document only. */
export const invoiceDocument = z
  .object({
    id,
    number: z.string().nullable(),
    state: z.string(),
    issuedAt: at.nullable(),
    paidAt: at.nullable(),
    organization: organizationReference,
    seller: z.record(z.string(), z.unknown()),
    buyer: z.record(z.string(), z.unknown()).nullable(),
    product: z.object({ id, slug: z.string(), title: z.string() }),
    subscriptionId: id,
    periodStart: at,
    periodEnd: at,
    currency: z.string(),
    subtotal: amount,
    tax: amount,
    total: amount,
    taxTreatment: z.record(z.string(), z.unknown()).nullable(),
    taxes: z.array(
      z.object({
        category: z.string(),
        name: z.string(),
        percent: decimal,
        country: z.string().nullable(),
        region: z.string().nullable(),
        taxable: amount,
        tax: amount,
      }),
    ),
    excessCredit: amount,
    excessTax: amount,
    balanceApplied: amount,
    collected: amount,
    due: amount,
    lines: z.array(
      z.object({
        id,
        position: z.int(),
        kind: z.string(),
        meter: z.string().nullable(),
        description: z.string(),
        plan: z.object({ slug: z.string(), title: z.string(), version: z.int() }),
        periodStart: at,
        quantity: decimal,
        unroundedAmount: decimal,
        amount,
        breakdown: z.array(tierCharge),
        inputHash: z.string(),
      }),
    ),
    payments: z.array(
      z.object({
        id,
        state: z.string(),
        amount,
        createdAt: at,
        providerPaymentId: z.string(),
        failureCode: z.string().nullable(),
        failureMessage: z.string().nullable(),
      }),
    ),
    creditNotes: z.array(
      z.object({
        id,
        number: z.string(),
        subtotal: amount,
        tax: amount,
        total: amount,
        refunded: amount.describe(
          'What goes to the card; the rest of the total came off what was due or went to the balance.',
        ),
        reason: z.string(),
        issuedAt: at,
      }),
    ),
  })
  .meta({ id: 'InvoiceDocument', description: 'An invoice as a file, with everything that is on it.' });
