import {
  ForbiddenError,
  NotFoundError,
  type OrganizationPermission,
  type StaffRole,
  isUuid,
  roleAllows,
  rolesWith,
} from '#domain';
import { type ServiceContext, findMembershipRole, findStanding, openAccessToken, openIngestToken } from '#services';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Authentication, SignedInUser } from '../auth/authentication.js';
import {
  AccessTokenInvalidError,
  IngestTokenNeededError,
  SignInRequiredError,
  TwoFactorRequiredError,
} from '../problem/request-error.js';
import { AUTHENTICATION, type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { ACCESS, type Access, scopeOf } from './access.js';
import { PortalTermsError, termsToAccept } from './portal-terms.js';
import { bearerToken } from './bearer-token.js';
import { rememberCaller, rememberReporter } from './caller.js';

/**
 * Lets a request pass to its handler when the person behind it may call the route. An organization that is not theirs
 * answers exactly as one that does not exist.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    if (!access)
      throw new Error(`${execution.getClass().name}.${execution.getHandler().name} does not say who may call it`);
    if (access.kind === 'public') return true;
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    if (access.kind === 'ingest_token') return this.checkIngestToken(request);
    const token = bearerToken(request.headers);
    if (token !== null) return this.checkAccessToken(access, token, request);
    const user = await this.authentication.findUser(request.headers);
    if (!user) throw new SignInRequiredError();
    await this.check(access, user, request);
    // Last, so that it tells nothing about what is not theirs. Tokens go on with what their owner accepted when making them.
    if (access.kind !== 'user') await this.checkTerms(user);
    rememberCaller(request, user);
    return true;
  }

  /** The person's own rights are asked first, so that a token of a stranger tells nothing about an organization. */
  private async checkAccessToken(
    access: Exclude<Access, { kind: 'public' | 'ingest_token' }>,
    token: string,
    request: FastifyRequest,
  ): Promise<boolean> {
    const opened = await openAccessToken(this.context, token, this.settings.KEY_PEPPERS);
    if (!opened) throw new AccessTokenInvalidError();
    const user = { ...opened.user, sessionId: '' };
    await this.check(access, user, request);
    const scope = scopeOf(access);
    if (scope === null) throw new ForbiddenError('This is not for tokens: sign in at the portal.');
    if (!opened.scopes.includes(scope)) {
      throw new ForbiddenError(`The token lacks the scope "${scope}". Create one that has it.`);
    }
    rememberCaller(request, user, opened.tokenId);
    return true;
  }

  private async checkIngestToken(request: FastifyRequest): Promise<boolean> {
    const token = bearerToken(request.headers) ?? '';
    const opened = await openIngestToken(this.context, token, this.settings.KEY_PEPPERS);
    if (!opened) throw new IngestTokenNeededError();
    rememberReporter(request, opened);
    return true;
  }

  private async check(
    access: Exclude<Access, { kind: 'public' | 'ingest_token' }>,
    user: SignedInUser,
    request: FastifyRequest,
  ): Promise<void> {
    switch (access.kind) {
      case 'user':
        return;
      case 'organization':
        return this.checkMember(access.permission, user.id, request.params);
      case 'staff':
        await this.checkStaff(access.role, user.id);
        return this.checkSecondFactor(user);
      case 'publisher':
        await this.checkPublisher(user.id);
        return this.checkSecondFactor(user);
    }
  }

  private async checkTerms({ id }: SignedInUser): Promise<void> {
    const terms = await termsToAccept(this.context, this.settings, id);
    if (terms) throw new PortalTermsError(terms);
  }

  private checkSecondFactor({ hasTwoFactor }: SignedInUser): void {
    if (this.settings.STAFF_TWO_FACTOR === 'required' && !hasTwoFactor) throw new TwoFactorRequiredError();
  }

  private async checkMember(permission: OrganizationPermission, userId: string, params: unknown): Promise<void> {
    const organizationId = (params as { readonly organizationId?: string }).organizationId ?? '';
    const role = isUuid(organizationId) ? await findMembershipRole(this.context, { organizationId, userId }) : null;
    if (!role) throw new NotFoundError('organization');
    if (!roleAllows(role, permission)) {
      const allowed = rolesWith(permission).join(', ');
      throw new ForbiddenError(
        `Your role "${role}" does not allow this. Ask somebody who is one of these: ${allowed}.`,
      );
    }
  }

  private async checkStaff(role: StaffRole, userId: string): Promise<void> {
    const { staffRoles } = await findStanding(this.context, userId);
    if (!staffRoles.includes(role)) throw new ForbiddenError(`This is for staff with the role "${role}".`);
  }

  private async checkPublisher(userId: string): Promise<void> {
    const { publisherTeams } = await findStanding(this.context, userId);
    if (publisherTeams.length === 0) throw new ForbiddenError('This is for members of a publisher team.');
  }
}
