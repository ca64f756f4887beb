import { type ServiceContext, forgetMail, givenUpMails, sendMailAgain } from '#services';
import { Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { undeliveredMailList, undeliveredMailsQuery } from './undelivered-mail.schema.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/mails')
export class UndeliveredMailController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(undeliveredMailList, {
    summary: 'Mails that could not be delivered',
    description:
      'Refused by a mail server, or tried in vain for four days. They are kept for ninety days; what is in them is told to nobody.',
  })
  async listUndeliveredMails(
    @Query({ schema: undeliveredMailsQuery }) { limit, after }: z.output<typeof undeliveredMailsQuery>,
  ): Promise<z.input<typeof undeliveredMailList>> {
    const { rows, last } = await readPage(limit, (most) => givenUpMails(this.context, { after, limit: most }));
    return { mails: rows, next: last?.id ?? null };
  }

  @Post('send-again')
  @AnswersNothing({ summary: 'Send all of them again, as they were written' })
  async sendMailsAgain(@CurrentCaller() { actor }: Caller): Promise<void> {
    await sendMailAgain(this.context, { mailId: null, actor });
  }

  @Post(':mailId/send-again')
  @AnswersNothing({
    summary: 'Send one of them again, as it was written',
    description: 'Links in it may have run out.',
  })
  async sendMailAgain(
    @Param('mailId', { schema: id }) mailId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await sendMailAgain(this.context, { mailId, actor });
  }

  @Delete(':mailId')
  @AnswersNothing({ summary: 'Forget one of them' })
  async forgetMail(@Param('mailId', { schema: id }) mailId: string, @CurrentCaller() { actor }: Caller): Promise<void> {
    await forgetMail(this.context, { mailId, actor });
  }
}
