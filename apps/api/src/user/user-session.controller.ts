import { type ServiceContext, endOtherUserSessions, endUserSession } from '#services';
import { Controller, Delete, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication } from '../auth/authentication.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { AUTHENTICATION, SERVICE_CONTEXT } from '../tokens.js';
import { deviceWords } from './device-words.js';
import { endedSessions, sessionId, userSessions } from './user.schema.js';

@ApiTags('User')
@ForUsers()
@Controller('api/v1/user/sessions')
export class UserSessionController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
  ) {}

  @Get()
  @Answers(userSessions, { summary: 'Where you are signed in' })
  async listSessions(@CurrentCaller() { user }: Caller): Promise<z.input<typeof userSessions>> {
    const sessions = await this.authentication.listSessions(user.id);
    return {
      sessions: sessions.map(({ userAgent, ...session }) => ({
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
