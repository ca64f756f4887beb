import { z } from 'zod';
import { next } from '../contract/page.schema.js';
import { id, instant, nameInput, productReference } from '../contract/value.schema.js';

export const createApplicationRequest = z.strictObject({ name: nameInput }).meta({ id: 'CreateApplicationRequest' });

export const renameApplicationRequest = z.strictObject({ name: nameInput }).meta({ id: 'RenameApplicationRequest' });

export const application = z
  .object({
    id,
    name: z.string(),
    createdAt: instant,
    suspendedAt: instant
      .nullable()
      .describe('Since when its calls are refused, by itself; those of a suspended organization are refused as well.'),
    credentialCount: z.int().describe('Keys that are neither revoked nor expired.'),
    subscriptions: z
      .array(
        z.object({
          id,
          product: productReference,
          plan: z.object({ slug: z.string(), title: z.string() }),
          state: z.enum(['pending_approval', 'active', 'canceled']),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Application', description: 'What calls the APIs; owns keys and subscriptions.' });

export const applicationList = z
  .object({ applications: z.array(application).readonly(), next })
  .meta({ id: 'ApplicationList' });
