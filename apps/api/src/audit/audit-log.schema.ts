import { z } from 'zod';
import { next } from '../contract/page.schema.js';
import { id, instant, instantInput } from '../contract/value.schema.js';

const auditLogPage = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: id.optional().describe('The `next` of the page before.'),
});

export const organizationAuditLogFilter = z.strictObject({
  actor: z.string().trim().min(1).max(254).optional().describe('A part of the person’s address.'),
  noun: z.string().trim().min(1).max(60).optional().describe('What was acted on: "member", "credential".'),
  from: instantInput.optional(),
  to: instantInput.optional().describe('Not included.'),
});

export const organizationAuditLogQuery = organizationAuditLogFilter.extend(auditLogPage.shape);

export const auditLogQuery = organizationAuditLogQuery.extend({
  organizationId: id.optional().describe('Of this organization only.'),
});

export const auditLogAnswer = z
  .object({
    entries: z
      .array(
        z
          .object({
            id,
            at: instant,
            actor: z.string().describe('A person’s e-mail address, "system" or "cli".'),
            action: z.string().describe('A verb in the past tense.'),
            subject: z.string().describe('What was acted on.'),
            organizationId: id.nullable().describe('Null for what concerns the installation.'),
            details: z.record(z.string(), z.unknown()).describe('What was changed, and why.'),
          })
          .meta({ id: 'AuditEntry' }),
      )
      .readonly(),
    next,
  })
  .meta({ id: 'AuditLog' });

export const organizationAuditLog = z
  .object({
    entries: z
      .array(
        z
          .object({
            id,
            at: instant,
            actor: z
              .string()
              .describe('A person’s address; "staff" for people who run the installation, "system", "command line".'),
            action: z.string().describe('A verb in the past tense.'),
            noun: z.string(),
            nounId: z.string().nullable(),
            details: z.record(z.string(), z.unknown()).describe('What was changed; empty for what staff has done.'),
          })
          .meta({ id: 'OrganizationAuditEntry' }),
      )
      .readonly(),
    nouns: z.array(z.string()).readonly().describe('All that the log has entries about.'),
    next,
  })
  .meta({ id: 'OrganizationAuditLog' });
