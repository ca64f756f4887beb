import { dunningPolicyOf } from '#config';
import type { DunningPause } from '#persistence';
import {
  type ServiceContext,
  findDunning,
  findDunningPause,
  listDunningOverviews,
  pauseDunning,
  resumeDunning,
} from '#services';
import { Body, Controller, Delete, Get, Headers, Inject, Param, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { dunningDetail, dunningList, dunningPause, dunningQuery, foundDunningPause } from './dunning.schema.js';
import { toDunning } from './to-dunning.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceDunningController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('dunning')
  @Answers(dunningList, { summary: 'Invoices that are past due, with what follows by itself' })
  async listDunning(
    @Query({ schema: dunningQuery }) { limit, after }: z.output<typeof dunningQuery>,
  ): Promise<z.input<typeof dunningList>> {
    const page = { after: after ?? null, limit };
    const found = await listDunningOverviews(this.context, dunningPolicyOf(this.settings), page);
    return { dunning: found.map(toDunning), next: found.length < limit ? null : found.at(-1)!.invoiceId };
  }

  @Get('dunning/:invoiceId')
  @Answers(dunningDetail, { summary: 'How far dunning of an invoice is, with its history' })
  async readDunning(@Param('invoiceId', { schema: id }) invoiceId: string): Promise<z.input<typeof dunningDetail>> {
    const found = await findDunning(this.context, dunningPolicyOf(this.settings), invoiceId);
    const history = found.history.map(({ kind, at, attempt, note }) => ({ kind, at, attempt, note }));
    return { ...toDunning(found), history };
  }

  @Get('organizations/:organizationId/dunning-pause')
  @Answers(foundDunningPause, {
    summary: 'Until when dunning of an organization rests',
    description: 'Its ETag is for pausing it.',
  })
  async readDunningPause(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof foundDunningPause>> {
    const pause = await findDunningPause(this.context, organizationId);
    return withEtag(reply, { until: pause?.until ?? null, reason: pause?.reason ?? null }, changeable(pause));
  }

  @Put('organizations/:organizationId/dunning-pause')
  @IfMatch()
  @AnswersNothing({
    summary: 'Let dunning of an organization rest until an instant',
    description: 'Nothing is charged, mailed or refused by itself until then; what was suspended passes again.',
  })
  async pauseDunning(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: dunningPause }) body: z.output<typeof dunningPause>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await pauseDunning(this.context, { organizationId, ...body, check: seenBy(ifMatch, changeable), actor });
  }

  @Delete('organizations/:organizationId/dunning-pause')
  @AnswersNothing({ summary: 'End such a pause now' })
  async resumeDunning(
    @Param('organizationId', { schema: id }) organizationId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await resumeDunning(this.context, { organizationId, actor });
  }
}

function changeable(pause: DunningPause | null): unknown {
  return pause && { until: pause.until, reason: pause.reason };
}
