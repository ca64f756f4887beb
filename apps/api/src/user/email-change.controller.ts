import { emailChangeMail } from '#mail';
import { type ServiceContext, confirmEmailChange, requestEmailChange } from '#services';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForUsers, Public } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication } from '../auth/authentication.js';
import { refuseDisposableMail } from '../auth/disposable-mail.js';
import { Answers } from '../contract/answers.decorator.js';
import { TooManyRequestsError } from '../problem/request-error.js';
import { AUTHENTICATION, type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { accountNotice } from './account-notice.js';
import {
  confirmEmailChangeRequest,
  confirmedEmail,
  emailChangeRequest,
  emailChangeRequested,
} from './email-change.schema.js';

@ApiTags('User')
@Controller('api/v1/user/email')
export class EmailChangeController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Post()
  @ForUsers()
  @Answers(emailChangeRequested, {
    summary: 'Ask for another e-mail address',
    description:
      'A link goes to the new address and a notice to the old one. The answer is the same for an address that somebody has.',
    status: 202,
  })
  async requestEmailChange(
    @Body({ schema: emailChangeRequest }) { newEmail, password }: z.output<typeof emailChangeRequest>,
    @CurrentCaller() { user }: Caller,
  ): Promise<z.input<typeof emailChangeRequested>> {
    refuseDisposableMail(newEmail, this.settings);
    await this.authentication.checkPassword(user, password);
    const waitSeconds = await this.authentication.countEmailChange(user.id);
    if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
    const { PORTAL_URL: portalUrl, PORTAL_NAME: portalName } = this.settings;
    const notice = {
      what: 'Somebody wants to change your e-mail address',
      meaning: `Your account is to use ${newEmail}. It does so once that address is confirmed.`,
    };
    await requestEmailChange(this.context, {
      user,
      newEmail,
      writeConfirmation: (token) => ({
        to: newEmail,
        ...emailChangeMail({
          name: user.name,
          url: `${portalUrl}/confirm-email?token=${token}`,
          portalName,
        }),
      }),
      notice: accountNotice(user, notice, this.settings),
    });
    return { status: 'confirmation_sent' };
  }

  @Post('confirm')
  @Public()
  @Answers(confirmedEmail, { summary: 'Confirm the new e-mail address with the token of the mail' })
  async confirmEmailChange(
    @Body({ schema: confirmEmailChangeRequest }) { token }: z.output<typeof confirmEmailChangeRequest>,
  ): Promise<z.input<typeof confirmedEmail>> {
    return confirmEmailChange(this.context, {
      token,
      writeNotice: (user, newEmail) =>
        accountNotice(
          user,
          {
            what: 'Your e-mail address was changed',
            meaning: `Your account uses ${newEmail} from now on, and not this address any more.`,
          },
          this.settings,
        ),
    });
  }
}
