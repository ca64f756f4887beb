import { Controller, Delete, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { type ApiSettings, SETTINGS } from '../tokens.js';
import { deleteInboxMessages, readInboxMessages } from './inbox-client.js';
import { inboxMessages } from './inbox.schema.js';

@ApiTags('Portal')
@Public()
@Controller('api/v1/inbox/messages')
export class InboxController {
  constructor(@Inject(SETTINGS) private readonly settings: ApiSettings) {}

  @Get()
  @Answers(inboxMessages, {
    summary: 'Mails of this installation',
    description: 'Only when a development inbox is set up, which delivers nothing to anybody.',
  })
  readInbox(): Promise<z.input<typeof inboxMessages>> {
    return readInboxMessages(this.settings.MAIL_INBOX_URL);
  }

  @Delete()
  @AnswersNothing({ summary: 'Empty the development inbox' })
  emptyInbox(): Promise<void> {
    return deleteInboxMessages(this.settings.MAIL_INBOX_URL);
  }
}
