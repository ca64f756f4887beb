import { z } from 'zod';
import { instant } from '../contract/value.schema.js';
import { passwordInput } from '../user/user.schema.js';

export const dataExportRequest = z
  .strictObject({ password: passwordInput.optional().describe('Needed from everybody who has one.') })
  .meta({ id: 'DataExportRequest' });

export const dataExport = z
  .object({
    url: z.string().describe('Where to load the ZIP archive from, in this session.'),
    expiresAt: instant.describe('The link is good until then.'),
  })
  .meta({ id: 'DataExport' });

export const exportQuery = z.strictObject({ ticket: z.string().min(1).max(100) });
