import { overrideTerms } from '#services';
import { z } from 'zod';
import { operation, planDifference } from '../catalog/plan.schema.js';
import { id, instant } from '../contract/value.schema.js';
import { planChangePreview, subscription } from '../subscription/subscription.schema.js';
import { draftTerms, planMeter } from './plan-editor.schema.js';

const when = z
  .enum(['now', 'period_end'])
  .default('period_end')
  .describe('With the next period, or at once: included units and tiers then begin anew, as with another plan.');

export const previewOverrideRequest = z
  .strictObject({
    terms: overrideTerms.describe('What is named takes the place of what the plan says, lists as a whole.'),
    when,
  })
  .meta({ id: 'PreviewOverrideRequest' });

export const overrideRequest = previewOverrideRequest
  .extend({ reason: z.string().trim().min(1).max(500).describe('For the publisher and the audit log.') })
  .meta({ id: 'OverrideRequest' });

export const revokeOverrideRequest = z.strictObject({ when }).meta({ id: 'RevokeOverrideRequest' });

export const overridePreview = planChangePreview
  .extend({ differences: z.array(planDifference).readonly().describe('From the plan to the other terms.') })
  .meta({ id: 'OverridePreview', description: 'What other terms would do.' });

export const removeCouponRequest = z
  .strictObject({ reason: z.string().trim().min(1).max(500).describe('For the audit log.') })
  .meta({ id: 'RemoveCouponRequest' });

export const suspendRequest = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).describe('For the audit log, which its organization reads too.'),
  })
  .meta({ id: 'PublisherSuspendRequest' });

const override = z
  .object({
    id,
    planVersionId: id,
    baseVersionId: id,
    baseNumber: z.int().describe('Of the version of the plan that it was made of.'),
    reason: z.string(),
    createdAt: instant,
    startsAt: instant.nullable().describe('Null when it was taken back before it began.'),
    endsAt: instant.nullable().describe('Null while it goes on.'),
    differences: z.array(planDifference).readonly(),
  })
  .meta({ id: 'SubscriptionOverride', description: 'Terms that one subscription has in the place of its plan’s.' });

export const noteRequest = z
  .strictObject({ text: z.string().trim().min(1).max(4000) })
  .meta({ id: 'SubscriptionNoteRequest' });

const note = z
  .object({
    id,
    text: z.string(),
    author: z.string().nullable().describe('Null for the operator’s command line.'),
    createdAt: instant,
  })
  .meta({ id: 'SubscriptionNote' });

export const noteList = z.object({ notes: z.array(note).readonly() }).meta({ id: 'SubscriptionNoteList' });

export const publisherSubscriptionPage = subscription
  .extend({
    organization: z.object({ id, name: z.string() }),
    meters: z.array(planMeter).readonly(),
    operations: z.array(operation).readonly(),
    presentTerms: draftTerms,
    planTerms: draftTerms.describe('What would be in force without any override.'),
    overrides: z.array(override).readonly().describe('The newest first.'),
    notes: z.array(note).readonly().describe('The newest first; the organization does not see them.'),
  })
  .meta({ id: 'PublisherSubscriptionPage' });
