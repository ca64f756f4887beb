import { z } from 'zod';

const jwk = z
  .object({
    kty: z.string(),
    crv: z.string(),
    x: z.string(),
    y: z.string().optional(),
    kid: z.string(),
    alg: z.enum(['EdDSA', 'ES256']),
    use: z.literal('sig'),
  })
  .meta({ id: 'SigningKey' });

export const signingKeySet = z.object({ keys: z.array(jwk) }).meta({ id: 'SigningKeySet' });
