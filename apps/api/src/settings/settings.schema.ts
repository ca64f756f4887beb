import { z } from 'zod';
import { instant, portalTerms } from '../contract/value.schema.js';

export const portalSettings = z
  .object({
    portalName: z.string(),
    tagline: z
      .string()
      .nullable()
      .describe('What the home page says below its headline; null for the words of the portal itself.'),
    supportUrl: z.string().nullable().describe('Where people get help: a page, or mailto: and an address.'),
    privacyUrl: z.string().nullable().describe('Where the privacy policy is.'),
    legalNoticeUrl: z.string().nullable().describe('Where it says who runs the portal.'),
    gatewayUrl: z.string().describe('Where published APIs are called.'),
    inbox: z.boolean().describe('True when mails of this installation can be read at /inbox.'),
    timeMachine: z.boolean().describe('True when an operator can move the clock forward.'),
    simulatedPayments: z.boolean().describe('True when no real money moves.'),
    identityProvider: z
      .string()
      .nullable()
      .describe('What the identity provider is called that people can sign in with; null without one.'),
    terms: portalTerms.nullable().describe('What everybody who signs up accepts; null without terms.'),
    now: instant.describe('Tollgate’s own clock.'),
  })
  .meta({ id: 'PortalSettings' });
