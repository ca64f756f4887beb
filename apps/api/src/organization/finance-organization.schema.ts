import { z } from 'zod';
import { nextAfter, pageAfter } from '../contract/page.schema.js';
import { id, instant, searchInput } from '../contract/value.schema.js';
import { paymentTerms } from '../payment/payment-terms.schema.js';

export const financeOrganizationQuery = pageAfter(z.string().min(1).max(100)).extend({
  search: searchInput.optional().describe('A part of the name, the slug or the billing address, or the whole id.'),
});

export const financeOrganization = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    billingEmail: z.string().nullable().describe('Where its invoices are sent; null for its owners.'),
    createdAt: instant,
    suspendedAt: instant.nullable().describe('Since when the calls of all its applications are refused.'),
    paymentTerms,
  })
  .meta({ id: 'FinanceOrganization', description: 'An organization as finance sees it: who pays, and how.' });

export const financeOrganizationList = z
  .object({ organizations: z.array(financeOrganization).readonly(), next: nextAfter })
  .meta({ id: 'FinanceOrganizationList' });
