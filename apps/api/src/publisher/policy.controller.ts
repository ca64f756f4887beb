import { type PoliciesToEdit, type ServiceContext, findPoliciesToEdit, replacePolicies } from '#services';
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
import { policiesRequest, policiesToEdit, replacedPolicies } from './policy.schema.js';

const name = z.string().min(1).max(63);

/** What gateways do with the calls of a version: all that a catalogue file says of it beside the upstream, by the same services. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/apis/:api/versions/:version/policies')
export class PolicyController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Answers(policiesToEdit, {
    summary: 'The policies of a version as its publisher edits them',
    description: 'Without passwords within addresses. Its ETag is for changing them.',
  })
  async findPoliciesToEdit(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @CurrentCaller() { userId }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof policiesToEdit>> {
    const found = await findPoliciesToEdit(this.context, { api, version, publisherUserId: userId });
    return withEtag(reply, found, changeable(found));
  }

  @Put()
  @IfMatch()
  @Answers(replacedPolicies, {
    summary: 'Have something else done with the calls of a version',
    description:
      'All of it at once: a section that is absent is off. Gateways go by it within a second. 400 `policies_refused` names every place that ' +
      'cannot be as it is, by the checks of the catalogue file.',
  })
  async replacePolicies(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: policiesRequest }) policies: z.output<typeof policiesRequest>,
    @CurrentCaller() { userId, actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof replacedPolicies>> {
    const edited = { api, version, publisherUserId: userId };
    const { settings } = this;
    const remarks = await replacePolicies(this.context, {
      ...edited,
      policies,
      actor,
      encryptionKeys: settings.ENCRYPTION_KEYS,
      allowsPrivateUpstreams: settings.UPSTREAM_ALLOW_PRIVATE,
      allowsUnverifiedUpstreams: settings.UPSTREAM_ALLOW_UNVERIFIED_TLS,
      check: seenBy(ifMatch, changeable),
    });
    const found = await findPoliciesToEdit(this.context, edited);
    return withEtag(reply, { ...found, remarks: [...remarks] }, changeable(found));
  }
}

function changeable({ policies }: PoliciesToEdit): unknown {
  return policies;
}
