import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { KeptStatus } from './kept-status.js';
import { status } from './status.schema.js';

@ApiTags('Portal')
@Public()
@Controller('api/v1/status')
export class StatusController {
  constructor(@Inject(KeptStatus) private readonly status: KeptStatus) {}

  @Get()
  @Answers(status, { summary: 'How the service is', description: 'As of a few seconds ago.' })
  readStatus(): Promise<z.input<typeof status>> {
    return this.status.read();
  }
}
