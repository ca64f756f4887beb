import { ACCESS_TOKEN_SCOPES, type AccessTokenScope } from '#domain';
import { z } from 'zod';
import { next } from '../contract/page.schema.js';
import { id, instant, instantInput, nameInput } from '../contract/value.schema.js';

const scope = z.enum(ACCESS_TOKEN_SCOPES as unknown as [AccessTokenScope, ...AccessTokenScope[]]);

export const accessTokenRequest = z
  .strictObject({
    name: nameInput,
    scopes: z.array(scope).min(1).max(ACCESS_TOKEN_SCOPES.length).readonly().describe('What it may do, if you may.'),
    expiresAt: instantInput.describe('Within 366 days.'),
  })
  .meta({ id: 'AccessTokenRequest' });

export const accessToken = z
  .object({
    id,
    name: z.string(),
    display: z.string().describe('How the token begins, for recognising it.'),
    scopes: z.array(scope).readonly(),
    createdAt: instant,
    expiresAt: instant,
    lastUsedAt: instant.nullable().describe('To the minute.'),
  })
  .meta({ id: 'AccessToken' });

export const createdAccessToken = z
  .object({ token: z.string().describe('Shown this once.'), accessToken })
  .meta({ id: 'CreatedAccessToken' });

export const accessTokenList = z
  .object({
    tokens: z.array(accessToken).readonly(),
    grantableScopes: z.array(scope).readonly().describe('What a new token can be for: what you may do yourself.'),
    next,
  })
  .meta({ id: 'AccessTokenList' });
