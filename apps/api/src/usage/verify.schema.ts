import { z } from 'zod';
import { instant } from '../contract/value.schema.js';

export const verifyReport = z
  .object({
    ok: z.boolean(),
    checkedAt: instant,
    checks: z
      .array(
        z
          .object({
            name: z.enum(['segments', 'events', 'rollups', 'lines', 'invoices', 'provider']),
            ok: z.boolean(),
            checked: z.int().describe('How many rows were compared.'),
            difference: z
              .object({
                check: z.string(),
                row: z.string(),
                expected: z.string(),
                actual: z.string(),
                message: z.string(),
              })
              .nullable()
              .describe('The first row that differs.'),
          })
          .meta({ id: 'VerifyCheck' }),
      )
      .readonly(),
  })
  .meta({ id: 'VerifyReport', description: 'Whether journal, ledger, rollups, invoices and payment provider agree.' });
