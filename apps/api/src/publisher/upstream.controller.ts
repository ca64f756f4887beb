import { type ServiceContext, type UpstreamToEdit, findUpstreamToEdit, replaceUpstream } from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { slug } from '../contract/value.schema.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { upstreamRequest, upstreamToEdit } from './upstream.schema.js';

const name = z.string().min(1).max(63);

/** Where the calls of a version go, and how: all that a catalogue file says of it, by the same services. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/apis/:api/versions/:version/upstream')
export class UpstreamController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Answers(upstreamToEdit, {
    summary: 'The upstream of a version as its publisher edits it',
    description: 'Without the values of secrets. Its ETag is for changing it.',
  })
  async findUpstreamToEdit(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @CurrentCaller() { userId }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof upstreamToEdit>> {
    return this.answer({ api, version, publisherUserId: userId }, reply);
  }

  @Put()
  @IfMatch()
  @Answers(upstreamToEdit, {
    summary: 'Send the calls of a version elsewhere, or otherwise',
    description:
      'Gateways go by it within a second. A credential without its value stays, where all places are what they were; else 400 `secret_missing`.',
  })
  async replaceUpstream(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: upstreamRequest }) upstream: z.output<typeof upstreamRequest>,
    @CurrentCaller() { userId, actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof upstreamToEdit>> {
    const edited = { api, version, publisherUserId: userId };
    const { settings } = this;
    await replaceUpstream(this.context, {
      ...edited,
      upstream,
      actor,
      encryptionKeys: settings.ENCRYPTION_KEYS,
      allowsPrivateUpstreams: settings.UPSTREAM_ALLOW_PRIVATE,
      allowsUnverifiedUpstreams: settings.UPSTREAM_ALLOW_UNVERIFIED_TLS,
      allowsTargetFiles: settings.UPSTREAM_TARGETS_DIR !== undefined,
      check: seenBy(ifMatch, changeable),
    });
    return this.answer(edited, reply);
  }

  private async answer(
    edited: { readonly api: string; readonly version: string; readonly publisherUserId: string },
    reply: FastifyReply,
  ): Promise<z.input<typeof upstreamToEdit>> {
    const found = await findUpstreamToEdit(this.context, edited);
    return withEtag(reply, found as z.input<typeof upstreamToEdit>, changeable(found));
  }
}

function changeable({ upstream }: UpstreamToEdit): unknown {
  return upstream;
}
