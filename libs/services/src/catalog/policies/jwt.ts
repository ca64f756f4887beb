import { JWT_ALGORITHMS } from '#domain';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an https:// URL' }).max(1_000);
const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'expected a scope (RFC 6749 §3.3)');

export const jwtSchema = z
  .strictObject({
    issuer: httpUrl.describe('As in the claim iss, letter by letter.'),
    audiences: z.array(z.string().min(1).max(500)).min(1).max(20).describe('One of them must be in the claim aud.'),
    algorithms: z.array(z.enum(JWT_ALGORITHMS)).min(1).default(['RS256', 'ES256']),
    jwksUrl: z
      .union([httpUrl, z.null()])
      .default(null)
      .describe('Where the issuer’s keys are; null: where its OpenID discovery document says.'),
    applicationClaim: z.string().min(1).max(200).default('client_id').describe('Says which application calls.'),
    applicationBy: z
      .enum(['identity', 'application'])
      .default('identity')
      .describe(
        'identity: the value was added with "tollgate identities add". application: it is the application’s id.',
      ),
    clockSkewSeconds: z.number().int().min(0).max(600).default(30),
    requiredScopes: z
      .array(z.strictObject({ selector: z.string().min(1).max(200), scopes: z.array(scope).max(20) }))
      .max(200)
      .default([])
      .describe('First match wins. A selector is an operation id, tag:NAME, "METHOD /template", or *.'),
    isForwarded: z.boolean().default(false).describe('Passes the token on to the upstream.'),
  })
  .describe('Access tokens of an authorization server (JWT) in Authorization: Bearer.');
