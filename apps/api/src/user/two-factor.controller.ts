import { type ServiceContext, recordUserChange } from '#services';
import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication, SignedInUser } from '../auth/authentication.js';
import { callAuthRoute } from '../auth/call-auth-route.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { AUTHENTICATION, type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { accountNotice } from './account-notice.js';
import { confirmTwoFactorRequest, passwordRequest, recoveryCodes, twoFactorSetUp } from './user.schema.js';

@ApiTags('User')
@ForUsers()
@Controller('api/v1/user/two-factor')
export class TwoFactorController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Post()
  @Answers(twoFactorSetUp, {
    summary: 'Begin to set up two-factor authentication',
    description: 'It is on once a code of the app is confirmed. Beginning again makes another secret and other codes.',
  })
  async beginTwoFactor(
    @Body({ schema: passwordRequest }) { password }: z.output<typeof passwordRequest>,
    @CurrentCaller() { user }: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof twoFactorSetUp>> {
    const answer = await this.call('enable', { password, method: 'totp' }, user.email, request, reply);
    const { totpURI: uri, backupCodes } = answer as { readonly totpURI: string; readonly backupCodes: string[] };
    return { uri, secret: new URL(uri).searchParams.get('secret') ?? '', recoveryCodes: backupCodes };
  }

  @Post('confirm')
  @AnswersNothing({
    summary: 'Turn two-factor authentication on with a code of the app',
    description: 'From then on a sign-in with the password asks for a code. The answer sets a new session cookie.',
  })
  async confirmTwoFactor(
    @Body({ schema: confirmTwoFactorRequest }) body: z.output<typeof confirmTwoFactorRequest>,
    @CurrentCaller() { user }: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.call('verify-totp', body, null, request, reply);
    if (user.hasTwoFactor) return;
    await this.record(user, 'turned on two-factor authentication of', {
      what: 'Two-factor authentication is on',
      meaning: 'Signing in to your account takes your password and a code of your authenticator app from now on.',
    });
  }

  @Post('recovery-codes')
  @Answers(recoveryCodes, { summary: 'Make new recovery codes; the old ones are void' })
  async renewRecoveryCodes(
    @Body({ schema: passwordRequest }) body: z.output<typeof passwordRequest>,
    @CurrentCaller() { user }: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof recoveryCodes>> {
    const answer = await this.call('generate-backup-codes', body, user.email, request, reply);
    await this.record(user, 'renewed the recovery codes of', {
      what: 'You have new recovery codes',
      meaning: 'The recovery codes that you had before are void.',
    });
    return { recoveryCodes: (answer as { readonly backupCodes: string[] }).backupCodes };
  }

  @Post('turn-off')
  @AnswersNothing({ summary: 'Turn two-factor authentication off; the secret and the recovery codes are forgotten' })
  async turnTwoFactorOff(
    @Body({ schema: passwordRequest }) body: z.output<typeof passwordRequest>,
    @CurrentCaller() { user }: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.call('disable', body, user.email, request, reply);
    if (!user.hasTwoFactor) return;
    await this.record(user, 'turned off two-factor authentication of', {
      what: 'Two-factor authentication is off',
      meaning: 'Your password alone is enough to sign in to your account now.',
    });
  }

  private call(route: string, body: unknown, passwordOf: string | null, request: FastifyRequest, reply: FastifyReply) {
    const { authentication, settings } = this;
    const parts = { authentication, portalUrl: settings.PORTAL_URL };
    return callAuthRoute(parts, { route: `two-factor/${route}`, body, passwordOf }, request, reply);
  }

  private record(
    user: SignedInUser,
    action: string,
    notice: { readonly what: string; readonly meaning: string },
  ): Promise<void> {
    return recordUserChange(this.context, { userId: user.id, action }, accountNotice(user, notice, this.settings));
  }
}
