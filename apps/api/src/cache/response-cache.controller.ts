import { type ServiceContext, purgeResponseCache } from '#services';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { purgeRequest, purged } from './response-cache.schema.js';

@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/response-cache')
export class ResponseCacheController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('purges')
  @Answers(purged, {
    summary: 'Make the gateways forget answers of an API that they keep',
    description: 'Of an API of one’s publisher teams. Every gateway has done it within a second.',
    status: 201,
  })
  async purgeResponseCache(
    @Body({ schema: purgeRequest }) { api, version, path }: z.output<typeof purgeRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof purged>> {
    const target = { api, version: version ?? null, path: path ?? null };
    return { versions: await purgeResponseCache(this.context, { ...target, publisherUserId: userId, actor }) };
  }
}
