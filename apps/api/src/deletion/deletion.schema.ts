import { z } from 'zod';
import { organizationReference } from '../contract/value.schema.js';
import { passwordInput } from '../user/user.schema.js';

export const deletionRequest = z
  .strictObject({
    password: passwordInput.optional().describe('Needed from everybody who has one.'),
    code: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .describe('Of the authenticator app, or a recovery code; needed with two-factor authentication.'),
    confirmation: z.string().min(1).max(254).describe('The e-mail address of the account, or the organization’s name.'),
  })
  .meta({ id: 'DeletionRequest' });

const hindrance = z
  .object({
    reason: z.enum([
      'subscriptions_active',
      'usage_not_invoiced',
      'invoices_open',
      'payments_open',
      'only_owner',
      'last_admin',
    ]),
    organization: organizationReference.nullable().describe('Where it has to be done.'),
    message: z.string().describe('What to do, for people.'),
  })
  .meta({ id: 'DeletionHindrance' });

const hindrances = z.array(hindrance).readonly().describe('What has to be done first; empty when nothing has.');

export const organizationDeletion = z.object({ hindrances }).meta({ id: 'OrganizationDeletion' });

export const personDeletion = z
  .object({
    hindrances,
    deleted: z.array(organizationReference).readonly().describe('Organizations of nobody else, deleted along.'),
    left: z.array(organizationReference).readonly().describe('Organizations that go on.'),
  })
  .meta({ id: 'PersonDeletion' });
