import {
  type ServiceContext,
  apiVersionTraffic,
  changeShares,
  findVersionSplits,
  productRefusedCalls,
  productTraffic,
} from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { slug } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { productRefusedCallsQuery, refusedCallsAnswer } from '../usage/refused-calls.schema.js';
import {
  changeSharesRequest,
  productTrafficQuery,
  trafficAnswer,
  trafficQuery,
  versionSplits,
} from './traffic.schema.js';

const name = z.string().min(1).max(63);

/** How calls go lately, why they are refused, and which subset of an upstream they go to. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher')
export class TrafficController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('products/:product/traffic')
  @Answers(trafficAnswer, {
    summary: 'How many calls of a product’s APIs fail, and how long they take',
    description:
      'All calls of the versions of its APIs, whichever product pays. Gateways tell what has ended every ten seconds or so.',
  })
  productTraffic(
    @Param('product', { schema: slug }) product: string,
    @Query({ schema: productTrafficQuery }) { groupBy, ...query }: z.output<typeof productTrafficQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof trafficAnswer>> {
    return productTraffic(this.context, { ...query, groupBy: groupBy ?? null, product, publisherUserId: userId });
  }

  @Get('products/:product/refused-calls')
  @Answers(refusedCallsAnswer, {
    summary: 'Why calls to a product’s APIs are refused, and to whom',
    description:
      'All calls that the gateway refused of the versions of its APIs, whichever product would pay, and of callers that nobody knows too. Gateways tell of them every ten seconds or so.',
  })
  productRefusedCalls(
    @Param('product', { schema: slug }) product: string,
    @Query({ schema: productRefusedCallsQuery }) query: z.output<typeof productRefusedCallsQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof refusedCallsAnswer>> {
    return productRefusedCalls(this.context, { ...query, product, publisherUserId: userId });
  }

  @Get('apis/:api/versions/:version/traffic')
  @Answers(trafficAnswer, {
    summary: 'How many calls of a version fail, and how long they take',
    description:
      'By subset: how a canary does beside the others. Gateways tell what has ended every ten seconds or so.',
  })
  apiVersionTraffic(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Query({ schema: trafficQuery }) { groupBy, ...query }: z.output<typeof trafficQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof trafficAnswer>> {
    return apiVersionTraffic(this.context, {
      ...query,
      groupBy: groupBy ?? null,
      api,
      version,
      publisherUserId: userId,
    });
  }

  @Get('apis/:api/versions/:version/splits')
  @Answers(versionSplits, {
    summary: 'Which subsets of its upstream the calls of a version go to',
    description: 'Its ETag is for changing the shares.',
  })
  async findVersionSplits(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @CurrentCaller() { userId }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof versionSplits>> {
    const found = await findVersionSplits(this.context, { api, version, publisherUserId: userId });
    return withEtag(reply, found, found);
  }

  @Patch('apis/:api/versions/:version/splits')
  @IfMatch()
  @Answers(versionSplits, {
    summary: 'Change the shares of subsets',
    description:
      'All of them or none. Gateways go by them within a second; a catalogue file that is applied later leaves them until it says others than before.',
  })
  async changeShares(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: changeSharesRequest }) { splits }: z.output<typeof changeSharesRequest>,
    @CurrentCaller() { userId, actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof versionSplits>> {
    const check = seenBy<z.input<typeof versionSplits>>(ifMatch, (current) => current);
    const changed = await changeShares(this.context, { api, version, splits, publisherUserId: userId, actor, check });
    return withEtag(reply, changed, changed);
  }
}
