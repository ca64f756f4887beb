import { z } from 'zod';
import { limit, nextAfter, pageAfter, placeOf } from '../contract/page.schema.js';
import { instant, instantInput } from '../contract/value.schema.js';

const difference = z
  .object({
    check: z.string(),
    row: z.string(),
    expected: z.string(),
    actual: z.string(),
    message: z.string(),
  })
  .meta({ id: 'VerifyDifference' });

const verifyChecks = z
  .array(
    z
      .object({
        name: z.enum([
          'segments',
          'events',
          'rollups',
          'lines',
          'invoices',
          'balances',
          'credits',
          'receivables',
          'provider',
        ]),
        ok: z.boolean(),
        checked: z.int().describe('How many rows were compared.'),
        difference: difference.nullable().describe('The first row that differs.'),
        more: z
          .array(difference)
          .readonly()
          .optional()
          .describe('Those after the first, at most 99; only the check of the payment provider goes on.'),
        unlisted: z.int().optional().describe('How many further ones there are.'),
      })
      .meta({ id: 'VerifyCheck' }),
  )
  .readonly();

/** Where a list of proofs goes on, as text: when it began, and the day. */
const proofPlace = placeOf(
  z.tuple([instantInput, z.iso.date()]).transform(([startedAt, day]) => ({ startedAt, day })),
  2,
);

export const proofQuery = z.strictObject({ ...pageAfter(proofPlace).shape, limit: limit.default(14) });

export const ledgerProofs = z
  .object({
    proofs: z
      .array(
        z
          .object({
            day: z.iso.date().describe('The UTC day whose usage was proven.'),
            kind: z.enum(['daily', 'sample']).describe('The day that had just ended, or an earlier one.'),
            startedAt: instant,
            endedAt: instant.nullable().describe('Null while it runs.'),
            ok: z.boolean().nullable(),
            checks: verifyChecks.nullable(),
          })
          .meta({ id: 'LedgerProof' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'LedgerProofs', description: 'What came of the nightly proofs, the newest first.' });

export const verifyReport = z
  .object({
    ok: z.boolean(),
    checkedAt: instant,
    checks: verifyChecks,
  })
  .meta({ id: 'VerifyReport', description: 'Whether journal, ledger, rollups, invoices and payment provider agree.' });
