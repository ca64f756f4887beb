import { deletionMail } from '#mail';
import {
  type ServiceContext,
  deleteOrganization,
  deletePerson,
  previewOrganizationDeletion,
  previewPersonDeletion,
  requireNoHindrance,
} from '#services';
import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ForMembers, ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication } from '../auth/authentication.js';
import { callAuthRoute } from '../auth/call-auth-route.js';
import { type ProofParts, provePerson } from '../auth/prove-person.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { AUTHENTICATION, type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { deletionRequest, organizationDeletion, personDeletion } from './deletion.schema.js';

@ApiTags('Deletion')
@Controller('api/v1')
export class DeletionController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('user/deletion')
  @ForUsers()
  @Answers(personDeletion, { summary: 'What deleting your account would do, and what has to be done before' })
  previewPersonDeletion(@CurrentCaller() { userId }: Caller): Promise<z.input<typeof personDeletion>> {
    return previewPersonDeletion(this.context, userId);
  }

  @Post('user/deletion')
  @ForUsers()
  @AnswersNothing({
    summary: 'Delete your account for good',
    description:
      'With the password, or a sign-in within the last ten minutes without one, and a code with two-factor authentication. Sessions and tokens end, organizations of nobody else are deleted, and a pseudonym stands for you in what must be kept. The address is free for a new account.',
  })
  async deletePerson(
    @Body({ schema: deletionRequest }) { confirmation, ...proof }: z.output<typeof deletionRequest>,
    @CurrentCaller() { user }: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    // Asked before the code is used up, and again when all is locked.
    requireNoHindrance((await previewPersonDeletion(this.context, user.id)).hindrances);
    await provePerson(this.parts(), user, proof, request, reply);
    await deletePerson(this.context, {
      userId: user.id,
      confirmation,
      writeNotice: (person) => this.notice(person, null),
    });
    await this.authentication.forgetTries(user.email);
    // The session is gone already; this takes its cookies away.
    await callAuthRoute(this.parts(), { route: 'sign-out', body: {}, passwordOf: null }, request, reply);
  }

  @Get('organizations/:organizationId/deletion')
  @ForMembers('delete_organization')
  @Answers(organizationDeletion, { summary: 'What has to be done before an organization can be deleted' })
  async previewOrganizationDeletion(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof organizationDeletion>> {
    return { hindrances: await previewOrganizationDeletion(this.context, organizationId) };
  }

  @Post('organizations/:organizationId/deletion')
  @ForMembers('delete_organization')
  @AnswersNothing({
    summary: 'Delete an organization for good',
    description:
      'For owners, with the same proof as for an account. Its keys are refused within a second, its members lose it, and issued invoices stay as they are.',
  })
  async deleteOrganization(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: deletionRequest }) { confirmation, ...proof }: z.output<typeof deletionRequest>,
    @CurrentCaller() { user, userId, actor }: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    requireNoHindrance(await previewOrganizationDeletion(this.context, organizationId));
    await provePerson(this.parts(), user, proof, request, reply);
    await deleteOrganization(this.context, {
      organizationId,
      confirmation,
      userId,
      actor,
      writeNotice: (member, name) => this.notice(member, name),
    });
  }

  private parts(): ProofParts {
    return { context: this.context, authentication: this.authentication, portalUrl: this.settings.PORTAL_URL };
  }

  private notice({ name, email }: { readonly name: string; readonly email: string }, organizationName: string | null) {
    const { PORTAL_URL: url, PORTAL_NAME: portalName } = this.settings;
    return { to: email, ...deletionMail({ name, organizationName, url, portalName }) };
  }
}
