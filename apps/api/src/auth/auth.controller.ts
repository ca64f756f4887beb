import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { AUTHENTICATION, type ApiSettings, SETTINGS } from '../tokens.js';
import {
  newPasswordRequest,
  passwordLinkQuery,
  passwordResetRequest,
  resetToken,
  signInRequest,
  signOutRequest,
  verificationRequest,
  verifyEmailQuery,
} from './auth.schema.js';
import type { Authentication } from './authentication.js';
import { clientRequest, sendAuthAnswer } from './forward.js';

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
  @ApiOperation({ summary: 'Sign in; the answer sets the session cookie' })
  @ApiResponse({ status: 200, description: 'Signed in' })
  async signIn(
    @Body({ schema: signInRequest }) body: z.output<typeof signInRequest>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const response = await this.authentication.signIn(this.requestFor(request, body), body.email);
    return sendAuthAnswer(response, request, reply);
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

  private async forward(request: FastifyRequest, reply: FastifyReply, body?: unknown): Promise<void> {
    return sendAuthAnswer(await this.authentication.handle(this.requestFor(request, body)), request, reply);
  }

  private requestFor(request: FastifyRequest, body?: unknown): Request {
    return clientRequest(new URL(request.url, this.settings.PORTAL_URL), request, body);
  }
}
