import { type ServiceContext, listPublishedKeys } from '#services';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { signingKeySet } from './signing-key.schema.js';

/** Shorter than the time for which a new key is published before it signs. */
const MAX_AGE_SECONDS = 300;

@ApiTags('Signing keys')
@Public()
@Controller()
export class SigningKeyController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('.well-known/jwks.json')
  @Header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
  @Answers(signingKeySet, {
    summary: 'The keys that verify tokens of the gateway',
    description:
      'A JWK set (RFC 7517). A new key is in it ten minutes before it signs, and the one before a day longer.',
  })
  async listSigningKeys(): Promise<z.input<typeof signingKeySet>> {
    const keys = await listPublishedKeys(this.context);
    return {
      keys: keys.map(({ id, algorithm, publicKey: { kty = '', crv = '', x = '', y } }) => ({
        kty,
        crv,
        x,
        ...(y !== undefined && { y }),
        kid: id,
        alg: algorithm,
        use: 'sig',
      })),
    };
  }
}
