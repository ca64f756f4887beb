import { type ClockControl, type ServiceContext, moveClock } from '#services';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { CLOCK_CONTROL, SERVICE_CONTEXT } from '../tokens.js';
import { clockAnswer, moveClockRequest } from './clock.schema.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/clock')
export class ClockController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(CLOCK_CONTROL) private readonly clockControl: ClockControl | null,
  ) {}

  @Post()
  @Answers(clockAnswer, {
    summary: 'Move the clock forward',
    description: 'Only with the time machine, which needs the payment sandbox. The clock never runs backwards.',
  })
  async moveClock(
    @Body({ schema: moveClockRequest }) { to }: z.output<typeof moveClockRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof clockAnswer>> {
    return { now: await moveClock(this.context, { to, clockControl: this.clockControl, actor }) };
  }
}
