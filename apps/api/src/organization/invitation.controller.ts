import {
  type SentInvitation,
  type ServiceContext,
  acceptInvitation,
  findInvitation,
  findOrganization,
  inviteMember,
  listInvitations,
  resendInvitation,
  withdrawInvitation,
} from '#services';
import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers, ForUsers, Public } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { pageQuery } from '../contract/page.schema.js';
import { id } from '../contract/value.schema.js';
import { INVITATION_MAILS, SERVICE_CONTEXT } from '../tokens.js';
import type { InvitationMails } from './invitation-mails.js';
import {
  acceptedInvitation,
  invitation,
  invitationList,
  invitationRequest,
  invitationTokenRequest,
  shownInvitation,
} from './organization.schema.js';

@ApiTags('Organization')
@Controller('api/v1')
export class InvitationController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(INVITATION_MAILS) private readonly mails: InvitationMails,
  ) {}

  @Get('organizations/:organizationId/invitations')
  @ForMembers('manage_members')
  @Answers(invitationList, { summary: 'The open invitations of an organization, the newest first' })
  async listInvitations(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof invitationList>> {
    const { invitations, next } = await listInvitations(this.context, organizationId, query);
    return { invitations: invitations.map((found) => ({ ...found, invitedBy: found.inviterEmail })), next };
  }

  @Post('organizations/:organizationId/invitations')
  @ForMembers('manage_members')
  @Answers(invitation, {
    summary: 'Invite somebody by mail',
    description:
      'The same for addresses with and without an account: what follows is in the mail. Its link works once, for seven days.',
    status: 201,
  })
  async inviteMember(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: invitationRequest }) request: z.output<typeof invitationRequest>,
    @CurrentCaller() manager: Caller,
  ): Promise<z.input<typeof invitation>> {
    return this.sent(await inviteMember(this.context, { organizationId, ...request, manager }), manager);
  }

  @Post('organizations/:organizationId/invitations/:invitationId/resend')
  @ForMembers('manage_members')
  @Answers(invitation, {
    summary: 'Send an invitation again',
    description: 'With a new link, which works for seven days; the links before are dead.',
  })
  async resendInvitation(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invitationId', { schema: id }) invitationId: string,
    @CurrentCaller() manager: Caller,
  ): Promise<z.input<typeof invitation>> {
    return this.sent(await resendInvitation(this.context, { organizationId, invitationId, manager }), manager);
  }

  @Delete('organizations/:organizationId/invitations/:invitationId')
  @ForMembers('manage_members')
  @AnswersNothing({ summary: 'Withdraw an invitation' })
  async withdrawInvitation(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invitationId', { schema: id }) invitationId: string,
    @CurrentCaller() manager: Caller,
  ): Promise<void> {
    await withdrawInvitation(this.context, { organizationId, invitationId, manager });
  }

  @Post('invitations/look-up')
  @Public()
  @Answers(shownInvitation, { summary: 'What an invitation is to, by the token of its link' })
  async findInvitation(
    @Body({ schema: invitationTokenRequest }) { token }: z.output<typeof invitationTokenRequest>,
  ): Promise<z.input<typeof shownInvitation>> {
    return findInvitation(this.context, token);
  }

  @Post('invitations/accept')
  @ForUsers()
  @Answers(acceptedInvitation, {
    summary: 'Join the organization of an invitation',
    description: 'For the person whose address the mail went to. Accepting again answers the same.',
  })
  async acceptInvitation(
    @Body({ schema: invitationTokenRequest }) { token }: z.output<typeof invitationTokenRequest>,
    @CurrentCaller() { user }: Caller,
  ): Promise<z.input<typeof acceptedInvitation>> {
    return acceptInvitation(this.context, { token, user });
  }

  private async sent(sent: SentInvitation, inviter: Caller): Promise<z.input<typeof invitation>> {
    const { name } = await findOrganization(this.context, sent.invitation.organizationId);
    this.mails.send(sent, { organizationName: name, inviterName: inviter.user.name });
    return { ...sent.invitation, invitedBy: inviter.user.email };
  }
}
