import { z } from 'zod';
import { nextAfter, pageAfter } from '../contract/page.schema.js';
import { id, instant } from '../contract/value.schema.js';

const kind = z.enum(['jwt', 'mtls']).describe('jwt: a claim of tokens. mtls: a name of client certificates.');
const value = z.string().min(1).max(1_000);

export const addIdentityRequest = z
  .strictObject({
    applicationId: id,
    kind,
    issuer: z.url().max(1_000).optional().describe('Of the tokens, as in their claim iss; only for jwt.'),
    value: value.describe('Of the claim; of a certificate "CN=…,O=…" or "DNS:…", exactly as it stands there.'),
  })
  .meta({ id: 'AddIdentityRequest' });

export const identityQuery = z.strictObject({ applicationId: id.optional(), ...pageAfter(id).shape });

export const identity = z
  .object({ id, organizationId: id, applicationId: id, kind, issuer: z.string(), value, createdAt: instant })
  .meta({ id: 'Identity', description: 'A name that an application has elsewhere.' });

export const identityList = z
  .object({ identities: z.array(identity).readonly(), next: nextAfter })
  .meta({ id: 'IdentityList' });
