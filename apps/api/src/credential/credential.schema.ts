import { MAX_OVERLAP_SECONDS } from '#services';
import { z } from 'zod';
import { etag } from '../contract/entity-tag.js';
import { next } from '../contract/page.schema.js';
import { id, instant, instantInput, nameInput } from '../contract/value.schema.js';

export const mode = z.enum(['live', 'test']);

const entries = z.array(z.string().min(1).max(200)).max(100);

const restrictionsInput = z
  .strictObject({
    allowedAddresses: entries.default([]).describe('Addresses and ranges such as 203.0.113.0/24 or 2001:db8::/32.'),
    products: entries.default([]).describe('Slugs of API products.'),
    operations: entries
      .default([])
      .describe('Operation ids, `tag:NAME`, `METHOD /template`, or `*`, as meters select operations.'),
  })
  .meta({
    id: 'KeyRestrictionsInput',
    description: 'From where and for what a key works; an empty list restricts nothing.',
  });

const restrictions = z
  .object({
    allowedAddresses: z.array(z.string()).readonly(),
    products: z.array(z.string()).readonly(),
    operations: z.array(z.string()).readonly(),
  })
  .meta({
    id: 'KeyRestrictions',
    description: 'From where and for what a key works; an empty list restricts nothing.',
  });

export const issueCredentialRequest = z
  .strictObject({
    name: nameInput,
    mode,
    expiresAt: instantInput.optional(),
    restrictions: restrictionsInput.optional(),
  })
  .meta({ id: 'IssueCredentialRequest' });

export const editCredentialRequest = z
  .strictObject({
    name: nameInput.optional(),
    expiresAt: instantInput.nullable().optional().describe('Null for never.'),
    restrictions: restrictionsInput.nullable().optional().describe('All of them anew; null for none.'),
  })
  .meta({ id: 'EditCredentialRequest', description: 'What is left out stays as it is.' });

export const credential = z
  .object({
    id,
    keyId: z.string().describe('The public part of the key.'),
    display: z.string().describe('How the key may be shown: without its secret.'),
    mode,
    name: z.string(),
    restrictions: restrictions.nullable(),
    rotatedFromId: id.nullable().describe('The key that this one takes over from.'),
    isTryIt: z.boolean().describe('The documentation made it, for trying out calls: it works for an hour.'),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    etag,
  })
  .meta({ id: 'Credential', description: 'An API key, without its secret.' });

export const rotateCredentialRequest = z
  .strictObject({
    overlapSeconds: z
      .number()
      .int()
      .min(0)
      .max(MAX_OVERLAP_SECONDS)
      .describe('How long the old key goes on working: at most 30 days.'),
    name: nameInput.optional().describe('Default: the old key’s.'),
    expiresAt: instantInput.nullable().optional().describe('Default: the lifetime that the old key was made with.'),
  })
  .meta({ id: 'RotateCredentialRequest' });

export const credentialList = z
  .object({ credentials: z.array(credential).readonly(), next })
  .meta({ id: 'CredentialList' });

export const issuedCredential = z
  .object({ credential, key: z.string().describe('The key itself. It is never shown again.') })
  .meta({ id: 'IssuedCredential' });

export const rotatedCredential = z
  .object({
    credential,
    previous: credential.describe('The old key, with its new end.'),
    key: z.string().describe('The new key itself. It is never shown again.'),
  })
  .meta({ id: 'RotatedCredential' });
