import { DEFAULT_TOKEN_HEADER, MAX_TOKEN_SECONDS, type UpstreamToken } from '#domain';
import { z } from 'zod';
import { ownHeader } from './own-header.js';

export const upstreamToken = z
  .strictObject({
    header: ownHeader.default(DEFAULT_TOKEN_HEADER),
    audience: z.string().min(1).max(300).nullable().default(null).describe('For whom it is; default: upstream.url.'),
    lifetimeSeconds: z.number().int().min(5).max(MAX_TOKEN_SECONDS).default(MAX_TOKEN_SECONDS),
  })
  .describe(
    'A signed token (JWT) that tells the upstream who calls; verified by /.well-known/jwks.json of the portal.',
  );

/** The token of an upstream as it is stored. */
export function tokenOf({ header, ...token }: z.output<typeof upstreamToken>): UpstreamToken {
  return { header: header.toLowerCase(), ...token };
}
