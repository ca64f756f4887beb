import { type ClockControl, type ServiceContext, closePeriodsAt, listPeriods, readPeriodBoard } from '#services';
import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { toMoney } from '../contract/value.schema.js';
import { CLOCK_CONTROL, SERVICE_CONTEXT } from '../tokens.js';
import { toCursor } from './board-cursor.js';
import {
  boardQuery,
  closePeriodsAnswer,
  closePeriodsRequest,
  periodBoard,
  periodList,
  periodQuery,
} from './period.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/periods')
export class PeriodController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(CLOCK_CONTROL) private readonly clockControl: ClockControl | null,
  ) {}

  @Get('board')
  @Answers(periodBoard, { summary: 'How many periods stand where, and what they come to' })
  async readPeriodBoard(
    @Query({ schema: boardQuery }) query: z.output<typeof boardQuery>,
  ): Promise<z.input<typeof periodBoard>> {
    const { columns, holdReasons } = await readPeriodBoard(this.context, query);
    return {
      columns: columns.map(({ totals, ...column }) => ({
        ...column,
        totals: totals.map(({ currency, totalMinor }) => toMoney(totalMinor, currency)),
      })),
      holdReasons,
    };
  }

  @Get()
  @Answers(periodList, {
    summary: 'The billing periods of all organizations at one state of the board',
    description: 'Those that are not closed by their end, the first one first; others the last end first.',
  })
  async listPeriods(
    @Query({ schema: periodQuery }) query: z.output<typeof periodQuery>,
  ): Promise<z.input<typeof periodList>> {
    const { periods, next } = await listPeriods(this.context, query);
    return {
      periods: periods.map(({ invoice, ...period }) => ({
        ...period,
        start: period.startsAt,
        end: period.endsAt,
        invoice: invoice && { ...invoice, total: toMoney(invoice.totalMinor, invoice.currency) },
      })),
      next: toCursor(next),
    };
  }

  @Post('close')
  @Answers(closePeriodsAnswer, {
    summary: 'Close the periods that have ended',
    description: 'With the time machine, `at` may lie ahead: the clock is moved there first.',
  })
  async closePeriods(
    @Body({ schema: closePeriodsRequest }) body: z.output<typeof closePeriodsRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof closePeriodsAnswer>> {
    const { closed, held } = await closePeriodsAt(this.context, {
      ...body,
      clockControl: this.clockControl,
      actor,
    });
    return {
      closed: closed.map(({ currency, totalMinor, ...period }) => ({
        ...period,
        total: currency === null ? null : toMoney(totalMinor, currency),
      })),
      held,
    };
  }
}
