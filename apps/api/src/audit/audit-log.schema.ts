import { z } from 'zod';
import { id, instant } from '../contract/value.schema.js';

export const auditLogQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });

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
          })
          .meta({ id: 'AuditEntry' }),
      )
      .readonly(),
  })
  .meta({ id: 'AuditLog' });
