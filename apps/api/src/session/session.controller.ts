import { assignableRoles, permissionsOf } from '#domain';
import { type ServiceContext, findStanding, openAccessToken, requirePortalTerms } from '#services';
import { Body, Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { portalTermsOf, termsToAccept } from '../access/portal-terms.js';
import { bearerToken } from '../access/bearer-token.js';
import type { Authentication, SignedInUser } from '../auth/authentication.js';
import { refuseDisposableMail } from '../auth/disposable-mail.js';
import { signUp } from '../auth/sign-up.js';
import { Answers } from '../contract/answers.decorator.js';
import { AUTHENTICATION, type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { session, signUpAnswer, signUpRequest } from './session.schema.js';

@ApiTags('Session')
@Public()
@Controller('api/v1')
export class SessionController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Post('sign-up')
  @Answers(signUpAnswer, {
    summary: 'Sign up, with an organization of one’s own',
    description: 'The answer is the same for an address that is known already: what follows is in the mail.',
    status: 202,
  })
  async signUp(
    @Body({ schema: signUpRequest }) request: z.output<typeof signUpRequest>,
    @Req() incoming: FastifyRequest,
  ): Promise<z.input<typeof signUpAnswer>> {
    const { context, authentication, settings } = this;
    refuseDisposableMail(request.email, settings);
    const terms = portalTermsOf(settings);
    requirePortalTerms(terms, request.acceptedTerms);
    await signUp({ context, authentication, portalUrl: settings.PORTAL_URL, terms }, request, incoming);
    return { status: 'verification_sent' };
  }

  @Get('session')
  @Answers(session, { summary: 'Who is signed in, or whose token it is, and what they may see' })
  async readSession(@Req() request: FastifyRequest): Promise<z.input<typeof session>> {
    const { user, accessToken } = await this.findCaller(request);
    const nobody = {
      memberships: [],
      staffRoles: [],
      publisherTeams: [],
      twoFactorMissing: false,
      termsToAccept: null,
    };
    if (!user) return { user, accessToken, ...nobody };
    const { memberships, staffRoles, publisherTeams } = await findStanding(this.context, user.id);
    const isStaff = staffRoles.length + publisherTeams.length > 0;
    return {
      user,
      accessToken,
      termsToAccept: await termsToAccept(this.context, this.settings, user.id),
      memberships: memberships.map(({ organization, role }) => ({
        organization,
        role,
        permissions: permissionsOf(role),
        assignableRoles: assignableRoles(role),
      })),
      staffRoles,
      publisherTeams,
      twoFactorMissing: this.settings.STAFF_TWO_FACTOR === 'required' && isStaff && !user.hasTwoFactor,
    };
  }

  private async findCaller({ headers }: FastifyRequest): Promise<{
    readonly user: Omit<SignedInUser, 'sessionId'> | null;
    readonly accessToken: z.input<typeof session>['accessToken'];
  }> {
    const token = bearerToken(headers);
    if (token === null) return { user: await this.authentication.findUser(headers), accessToken: null };
    const opened = await openAccessToken(this.context, token, this.settings.KEY_PEPPERS);
    if (!opened) return { user: null, accessToken: null };
    const { id, name, scopes, expiresAt } = opened;
    return { user: opened.user, accessToken: { id, name, scopes, expiresAt } };
  }
}
