import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { AUTHENTICATION, type ApiSettings, SETTINGS } from '../tokens.js';
import {
  newPasswordRequest,
  oidcSignInQuery,
  passwordLinkQuery,
  passwordResetRequest,
  recoveryCodeRequest,
  resetToken,
  signInAnswer,
  signInRequest,
  signOutRequest,
  twoFactorRequest,
  verificationRequest,
  verifyEmailQuery,
} from './auth.schema.js';
import type { Authentication } from './authentication.js';
import { callAuthRoute } from './call-auth-route.js';
import { clientRequest, sendAuthAnswer, setAuthCookies } from './forward.js';

/** Sessions are better-auth's: these routes check the form of a request and hand it on. */
@ApiTags('Session')
@Public()
@Controller('api/auth')
export class AuthController {
  constructor(
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Post('sign-in/email')
  @ApiOperation({ summary: 'Sign in; the answer sets the session cookie, unless a second factor is asked for' })
  @ApiResponse({ status: 200, description: 'Signed in, but for the second factor', standardSchema: signInAnswer })
  async signIn(
    @Body({ schema: signInRequest }) body: z.output<typeof signInRequest>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const response = await this.authentication.tryPassword(this.requestFor(request, body), body.email);
    if (!response.ok) return sendAuthAnswer(response, request, reply);
    const { twoFactorRedirect = false } = (await response.json()) as { readonly twoFactorRedirect?: boolean };
    setAuthCookies(response, reply);
    await reply
      .status(200)
      .header('cache-control', 'no-store')
      .send({ twoFactorRequired: twoFactorRedirect } satisfies z.input<typeof signInAnswer>);
  }

  @Post('sign-in/two-factor')
  @Answers(signInAnswer, {
    summary: 'End a sign-in with a code of the authenticator app',
    description:
      'A code is good for one try. Five wrong ones end the sign-in; ten in a row lock the factor for 15 minutes.',
  })
  async signInWithCode(
    @Body({ schema: twoFactorRequest }) body: z.output<typeof twoFactorRequest>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof signInAnswer>> {
    await this.post('two-factor/verify-totp', body, request, reply);
    return { twoFactorRequired: false };
  }

  @Post('sign-in/recovery-code')
  @Answers(signInAnswer, { summary: 'End a sign-in with a recovery code, which is used up by it' })
  async signInWithRecoveryCode(
    @Body({ schema: recoveryCodeRequest }) body: z.output<typeof recoveryCodeRequest>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof signInAnswer>> {
    await this.post('two-factor/verify-backup-code', body, request, reply);
    return { twoFactorRequired: false };
  }

  @Get('oidc/sign-in')
  @ApiOperation({ summary: 'Sign in with the identity provider, where one is set up' })
  @ApiResponse({ status: 302, description: 'On to the identity provider' })
  beginOidcSignIn(
    @Query({ schema: oidcSignInQuery }) _query: z.output<typeof oidcSignInQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.forward(request, reply);
  }

  @Get('oidc/callback')
  @ApiOperation({ summary: 'Where the identity provider sends people back to; signs the person in' })
  @ApiResponse({ status: 302, description: 'On to the callback URL, or to the sign-in page with `?error=`' })
  endOidcSignIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.forward(request, reply);
  }

  @Post('sign-out')
  @ApiOperation({ summary: 'Sign out; the session is dead at once' })
  @ApiResponse({ status: 200, description: 'Signed out' })
  signOut(
    @Body({ schema: signOutRequest.optional() }) _body: z.output<typeof signOutRequest> | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.forward(request, reply, {});
  }

  @Get('verify-email')
  @ApiOperation({ summary: 'The link of a verification mail; signs the person in' })
  @ApiResponse({ status: 302, description: 'On to the callback URL, with `?error=` when the link is no good' })
  verifyEmail(
    @Query({ schema: verifyEmailQuery }) _query: z.output<typeof verifyEmailQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.forward(request, reply);
  }

  @Post('send-verification-email')
  @ApiOperation({ summary: 'Send the verification mail again; the answer is the same for every address' })
  @ApiResponse({ status: 200, description: 'Sent, if the address is waiting for it' })
  sendVerificationMail(
    @Body({ schema: verificationRequest }) body: z.output<typeof verificationRequest>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.forward(request, reply, body);
  }

  @Post('request-password-reset')
  @ApiOperation({ summary: 'Send a link for a new password; the answer is the same for every address' })
  @ApiResponse({ status: 200, description: 'Sent, if the address is known' })
  requestPasswordReset(
    @Body({ schema: passwordResetRequest }) body: z.output<typeof passwordResetRequest>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.forward(request, reply, body);
  }

  @Post('reset-password')
  @ApiOperation({ summary: 'Set a new password with the token of the mail; ends all sessions' })
  @ApiResponse({ status: 200, description: 'Set' })
  resetPassword(
    @Body({ schema: newPasswordRequest }) body: z.output<typeof newPasswordRequest>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.forward(request, reply, body);
  }

  @Get('reset-password/:token')
  @ApiOperation({ summary: 'The link of a password mail; leads to the form for a new password' })
  @ApiResponse({ status: 302, description: 'On to the callback URL, with `?token=` or `?error=`' })
  openPasswordReset(
    @Param('token', { schema: resetToken }) _token: string,
    @Query({ schema: passwordLinkQuery }) _query: z.output<typeof passwordLinkQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.forward(request, reply);
  }

  private async post(route: string, body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { authentication, settings } = this;
    const parts = { authentication, portalUrl: settings.PORTAL_URL };
    return callAuthRoute(parts, { route, body, passwordOf: null }, request, reply);
  }

  private async forward(request: FastifyRequest, reply: FastifyReply, body?: unknown): Promise<void> {
    return sendAuthAnswer(await this.authentication.handle(this.requestFor(request, body)), request, reply);
  }

  private requestFor(request: FastifyRequest, body?: unknown): Request {
    return clientRequest(new URL(request.url, this.settings.PORTAL_URL), request, body);
  }
}
