import type { ServiceContext } from '#services';
import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

@ApiTags('Health')
@Public()
@Controller()
export class HealthController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('healthz')
  @Answers(health, { summary: 'The process is alive' })
  isAlive(): z.input<typeof health> {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Answers(health, { summary: 'The process can serve: its database answers' })
  async isReady(): Promise<z.input<typeof health>> {
    try {
      await this.context.unitOfWork.dataSource.query('SELECT 1');
    } catch (cause) {
      throw new ServiceUnavailableException('The database does not answer.', { cause });
    }
    return { status: 'ok' };
  }
}
