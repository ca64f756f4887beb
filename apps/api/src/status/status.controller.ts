import { type ServiceContext, readServiceStatus } from '#services';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { status } from './status.schema.js';

/** Asked by everybody who looks at the portal, so the database is asked no more often than this. */
const KEPT_MS = 2_000;

@ApiTags('Portal')
@Public()
@Controller('api/v1/status')
export class StatusController {
  private kept: { readonly untilMs: number; readonly answer: Promise<z.input<typeof status>> } | undefined;

  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(status, { summary: 'How the service is', description: 'As of a few seconds ago.' })
  readStatus(): Promise<z.input<typeof status>> {
    const nowMs = performance.now();
    if (this.kept === undefined || this.kept.untilMs <= nowMs) {
      const answer = this.read();
      this.kept = { untilMs: nowMs + KEPT_MS, answer };
      answer.catch(() => (this.kept = undefined));
    }
    return this.kept.answer;
  }

  private async read(): Promise<z.input<typeof status>> {
    const found = await readServiceStatus(this.context);
    return { ...found, at: this.context.clock.now() };
  }
}
