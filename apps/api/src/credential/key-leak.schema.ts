import { z } from 'zod';

/** What Postgres can hold. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0]*$/);

/** The payload of GitHub's secret scanning partner program. */
export const keyLeakReport = z
  .array(
    z.object({
      token: text(1_000),
      type: text(200),
      url: text(2_000).nullish(),
      source: text(200).nullish(),
    }),
  )
  .max(1_000)
  .meta({ id: 'KeyLeakReport' });

export const keyLeakAnswer = z
  .array(
    z.object({
      token_raw: z.string(),
      token_type: z.string(),
      label: z.enum(['true_positive', 'false_positive']).describe('Whether it is a key of this installation.'),
    }),
  )
  .meta({ id: 'KeyLeakAnswer' });

const policy = z.enum(['revoke', 'alert']).describe('End a leaked key at once, or only tell the owners.');

export const leakPolicy = z
  .object({ policy })
  .meta({ id: 'LeakPolicy', description: 'What happens to keys that are found in public.' });

export const leakPolicyRequest = z.strictObject({ policy }).meta({ id: 'LeakPolicyRequest' });
