import { z } from 'zod';

export const mtlsSchema = z
  .strictObject({
    isRequired: z.boolean().default(false).describe('Refuses calls without a certificate, whatever else they show.'),
    identifyBy: z.enum(['subject', 'alternative_name']).default('subject'),
  })
  .describe('Client certificates; the operator names the authorities that count in GATEWAY_TLS_DIR.');
