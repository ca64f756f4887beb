import { type ServiceContext, readUserProfile, recordPasswordChange, renameUser } from '#services';
import { Body, Controller, Get, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication } from '../auth/authentication.js';
import { callAuthRoute } from '../auth/call-auth-route.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { AUTHENTICATION, type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { PASSWORD_CHANGED, accountNotice } from './account-notice.js';
import { changePasswordRequest, renameUserRequest, userProfile } from './user.schema.js';

@ApiTags('User')
@ForUsers()
@Controller('api/v1/user')
export class UserController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Answers(userProfile, { summary: 'Your own account' })
  async readUser(@CurrentCaller() { userId }: Caller): Promise<z.input<typeof userProfile>> {
    const profile = await readUserProfile(this.context, userId);
    const recoveryCodesLeft = profile.hasTwoFactor ? await this.authentication.countRecoveryCodes(userId) : 0;
    return { ...profile, recoveryCodesLeft };
  }

  @Patch()
  @Answers(userProfile, { summary: 'Change your name' })
  async renameUser(
    @Body({ schema: renameUserRequest }) { name }: z.output<typeof renameUserRequest>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof userProfile>> {
    await renameUser(this.context, { userId: caller.userId, name });
    return this.readUser(caller);
  }

  @Post('password')
  @AnswersNothing({
    summary: 'Change your password',
    description: 'Ends every session of the account; the answer sets the cookie of a new one for the caller.',
  })
  async changePassword(
    @Body({ schema: changePasswordRequest }) request: z.output<typeof changePasswordRequest>,
    @CurrentCaller() { user }: Caller,
    @Req() incoming: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { authentication, settings, context } = this;
    await callAuthRoute(
      { authentication, portalUrl: settings.PORTAL_URL },
      { route: 'change-password', body: { ...request, revokeOtherSessions: true }, passwordOf: user.email },
      incoming,
      reply,
    );
    const mail = accountNotice(user, PASSWORD_CHANGED, settings);
    await recordPasswordChange(context, { userId: user.id, action: 'changed the password of' }, mail);
  }
}
