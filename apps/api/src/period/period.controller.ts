import { type ClockControl, type ServiceContext, closePeriodsAt, listPeriods } from '#services';
import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { toMoney } from '../contract/value.schema.js';
import { CLOCK_CONTROL, SERVICE_CONTEXT } from '../tokens.js';
import { closePeriodsAnswer, closePeriodsRequest, periodList, periodQuery } from './period.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/periods')
export class PeriodController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(CLOCK_CONTROL) private readonly clockControl: ClockControl | null,
  ) {}

  @Get()
  @Answers(periodList, { summary: 'Billing periods of all organizations, the latest end first' })
  async listPeriods(
    @Query({ schema: periodQuery }) query: z.output<typeof periodQuery>,
  ): Promise<z.input<typeof periodList>> {
    const periods = await listPeriods(this.context, query);
    return { periods: periods.map((period) => ({ ...period, start: period.startsAt, end: period.endsAt })) };
  }

  @Post('close')
  @Answers(closePeriodsAnswer, {
    summary: 'Close the periods that have ended',
    description: 'With the time machine, `at` may lie ahead: the clock is moved there first.',
  })
  async closePeriods(
    @Body({ schema: closePeriodsRequest }) { at }: z.output<typeof closePeriodsRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof closePeriodsAnswer>> {
    const { closed, held } = await closePeriodsAt(this.context, { at, clockControl: this.clockControl, actor });
    return {
      closed: closed.map(({ currency, totalMinor, ...period }) => ({
        ...period,
        total: currency === null ? null : toMoney(totalMinor, currency),
      })),
      held,
    };
  }
}
