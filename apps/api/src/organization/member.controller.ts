import type { Member } from '#persistence';
import { type ServiceContext, changeMemberRole, leaveOrganization, listMembers, removeMember } from '#services';
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { IfMatch, etagOf, seenBy } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { member, memberList, memberQuery, memberRequest, userId as memberId } from './organization.schema.js';

@ApiTags('Organization')
@Controller('api/v1/organizations/:organizationId')
export class MemberController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('members')
  @ForMembers('read')
  @Answers(memberList, { summary: 'The members of an organization, who joined first at the top' })
  async listMembers(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: memberQuery }) query: z.output<typeof memberQuery>,
  ): Promise<z.input<typeof memberList>> {
    const { members, next } = await listMembers(this.context, organizationId, query);
    return { members: members.map(toMember), next: next && `${next.createdAt.toISOString()}_${next.userId}` };
  }

  @Patch('members/:userId')
  @ForMembers('manage_members')
  @IfMatch()
  @Answers(member, {
    summary: 'Give a member another role',
    description:
      'Only owners give and take away the role of an owner; the last owner stays one. The ETag is in the list.',
  })
  async changeMemberRole(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('userId', { schema: memberId }) userId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: memberRequest }) { role }: z.output<typeof memberRequest>,
    @CurrentCaller() manager: Caller,
  ): Promise<z.input<typeof member>> {
    const check = seenBy(ifMatch, changeable);
    return toMember(await changeMemberRole(this.context, { organizationId, userId, role, check, manager }));
  }

  @Delete('members/:userId')
  @ForMembers('manage_members')
  @AnswersNothing({ summary: 'Take a member out of the organization', description: 'Their account stays.' })
  async removeMember(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('userId', { schema: memberId }) userId: string,
    @CurrentCaller() manager: Caller,
  ): Promise<void> {
    await removeMember(this.context, { organizationId, userId, manager });
  }

  @Delete('membership')
  @ForMembers('leave')
  @AnswersNothing({ summary: 'Leave an organization', description: 'Not for its only owner.' })
  async leaveOrganization(
    @Param('organizationId', { schema: id }) organizationId: string,
    @CurrentCaller() { userId }: Caller,
  ): Promise<void> {
    await leaveOrganization(this.context, { organizationId, userId });
  }
}

function changeable({ role }: Member): unknown {
  return { role };
}

function toMember(found: Member): z.input<typeof member> {
  return { ...found, joinedAt: found.createdAt, etag: etagOf(changeable(found)) };
}
