import { type ServiceContext, endOtherUserSessions, endUserSession } from '#services';
import { Controller, Delete, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication } from '../auth/authentication.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { placeText } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { AUTHENTICATION, SERVICE_CONTEXT } from '../tokens.js';
import { deviceWords } from './device-words.js';
import { endedSessions, sessionId, userSessionQuery, userSessions } from './user.schema.js';

@ApiTags('User')
@ForUsers()
@Controller('api/v1/user/sessions')
export class UserSessionController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
  ) {}

  @Get()
  @Answers(userSessions, { summary: 'Where you are signed in, the newest sign-in first' })
  async listSessions(
    @Query({ schema: userSessionQuery }) { limit, after }: z.output<typeof userSessionQuery>,
    @CurrentCaller() { user }: Caller,
  ): Promise<z.input<typeof userSessions>> {
    const { rows, last } = await readPage(limit, (most) =>
      this.authentication.listSessions(user.id, { after, limit: most }),
    );
    return {
      next: last && placeText(last.createdAt, last.id),
      sessions: rows.map(({ userAgent, ...session }) => ({
        ...session,
        device: deviceWords(userAgent),
        isCurrent: session.id === user.sessionId,
      })),
    };
  }

  @Delete()
  @Answers(endedSessions, { summary: 'End every session but this one' })
  async endOtherSessions(@CurrentCaller() { user }: Caller): Promise<z.input<typeof endedSessions>> {
    return { ended: await endOtherUserSessions(this.context, { userId: user.id, sessionId: user.sessionId }) };
  }

  @Delete(':sessionId')
  @AnswersNothing({ summary: 'End a session; it is dead at once' })
  async endSession(
    @Param('sessionId', { schema: sessionId }) id: string,
    @CurrentCaller() { userId }: Caller,
  ): Promise<void> {
    await endUserSession(this.context, { userId, sessionId: id });
  }
}
