import { type ServiceContext, createApi, renameApi } from '#services';
import { Body, Controller, Inject, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { slug } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { createApiRequest, editedApi, renameApiRequest } from './api.schema.js';

/** What a publisher does with APIs themselves; with their versions: `ApiVersionController`. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/apis')
export class ApiController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post()
  @Answers(editedApi, {
    summary: 'Add an API',
    description: 'It has no versions at first, and nobody but its publishers sees it.',
    status: 201,
  })
  async createApi(
    @Body({ schema: createApiRequest }) { slug: name, title, publisher }: z.output<typeof createApiRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof editedApi>> {
    const input = { slug: name, title, publisher: publisher ?? null, publisherUserId: userId, actor };
    await createApi(this.context, input);
    return { slug: name, title };
  }

  @Patch(':api')
  @Answers(editedApi, { summary: 'Change what an API is called' })
  async renameApi(
    @Param('api', { schema: slug }) api: string,
    @Body({ schema: renameApiRequest }) { title }: z.output<typeof renameApiRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof editedApi>> {
    await renameApi(this.context, { api, title, publisherUserId: userId, actor });
    return { slug: api, title };
  }
}
