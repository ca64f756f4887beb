import { z } from 'zod';
import { id, instant, instantInput, nameInput } from '../contract/value.schema.js';

export const mode = z.enum(['live', 'test']);

export const issueCredentialRequest = z
  .strictObject({ name: nameInput, mode, expiresAt: instantInput.optional() })
  .meta({ id: 'IssueCredentialRequest' });

export const credential = z
  .object({
    id,
    keyId: z.string().describe('The public part of the key.'),
    display: z.string().describe('How the key may be shown: without its secret.'),
    mode,
    name: z.string(),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Credential', description: 'An API key, without its secret.' });

export const credentialList = z.object({ credentials: z.array(credential).readonly() }).meta({ id: 'CredentialList' });

export const issuedCredential = z
  .object({ credential, key: z.string().describe('The key itself. It is never shown again.') })
  .meta({ id: 'IssuedCredential' });
