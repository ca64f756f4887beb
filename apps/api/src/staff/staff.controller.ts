import { secondFactorResetMail } from '#mail';
import {
  type ServiceContext,
  type StaffGrant,
  createPublisherTeam,
  findUser,
  grantStaff,
  listPublisherTeams,
  listUsers,
  resetSecondFactor,
  revokeStaff,
} from '#services';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { readPage } from '../contract/read-page.js';
import { slug } from '../contract/value.schema.js';
import { userId as userIdInput } from '../organization/organization.schema.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import {
  createPublisherTeamRequest,
  publisherTeam,
  publisherTeamList,
  publisherTeamQuery,
  secondFactorReset,
  staffRole,
  user,
  userList,
  userQuery,
} from './staff.schema.js';

/** Who may do what in this installation. */
@ApiTags('Operation')
@ForStaff('admin')
@Controller('api/v1/operator')
export class StaffController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('users')
  @Answers(userList, { summary: 'Everybody who has signed up, by address, with their roles' })
  listUsers(
    @Query({ schema: userQuery }) { staff, ...query }: z.output<typeof userQuery>,
  ): Promise<z.input<typeof userList>> {
    return listUsers(this.context, { ...query, isStaff: staff });
  }

  @Get('publisher-teams')
  @Answers(publisherTeamList, { summary: 'The publisher teams, by slug' })
  async listPublisherTeams(
    @Query({ schema: publisherTeamQuery }) { limit, after }: z.output<typeof publisherTeamQuery>,
  ): Promise<z.input<typeof publisherTeamList>> {
    const { rows, last } = await readPage(limit, (most) => listPublisherTeams(this.context, { after, limit: most }));
    return { teams: rows, next: last && last.slug };
  }

  @Post('publisher-teams')
  @Answers(publisherTeam, {
    summary: 'Add a publisher team',
    description: 'It has no members at first. Its products are sold by the default seller unless another is named.',
    status: 201,
  })
  async createPublisherTeam(
    @Body({ schema: createPublisherTeamRequest }) body: z.output<typeof createPublisherTeamRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof publisherTeam>> {
    const { slug: team, name, seller } = body;
    await createPublisherTeam(this.context, { slug: team, name, seller: seller ?? null, actor });
    return { slug: team, name };
  }

  @Put('users/:userId/staff-roles/:role')
  @Answers(user, { summary: 'Give somebody a role', description: 'Giving it again changes nothing.' })
  grantStaffRole(
    @Param('userId', { schema: userIdInput }) userId: string,
    @Param('role', { schema: staffRole }) role: z.output<typeof staffRole>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof user>> {
    return this.grant(userId, { role }, caller);
  }

  @Delete('users/:userId/staff-roles/:role')
  @Answers(user, { summary: 'Take a role away', description: 'Not from the only admin.' })
  revokeStaffRole(
    @Param('userId', { schema: userIdInput }) userId: string,
    @Param('role', { schema: staffRole }) role: z.output<typeof staffRole>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof user>> {
    return this.revoke(userId, { role }, caller);
  }

  @Put('users/:userId/publisher-teams/:team')
  @Answers(user, {
    summary: 'Put somebody into a publisher team',
    description: 'They work on the products of their teams, and see no others.',
  })
  joinPublisherTeam(
    @Param('userId', { schema: userIdInput }) userId: string,
    @Param('team', { schema: slug }) team: string,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof user>> {
    return this.grant(userId, { team }, caller);
  }

  @Delete('users/:userId/publisher-teams/:team')
  @Answers(user, { summary: 'Take somebody out of a publisher team' })
  leavePublisherTeam(
    @Param('userId', { schema: userIdInput }) userId: string,
    @Param('team', { schema: slug }) team: string,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof user>> {
    return this.revoke(userId, { team }, caller);
  }

  @Post('users/:userId/second-factor/reset')
  @Answers(user, {
    summary: 'Turn two-factor authentication off for somebody who has lost it',
    description:
      'Not for oneself. Ends all their sessions, tells them by mail, and is in the audit log with the reason.',
  })
  async resetSecondFactor(
    @Param('userId', { schema: userIdInput }) userId: string,
    @Body({ schema: secondFactorReset }) { reason }: z.output<typeof secondFactorReset>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof user>> {
    await resetSecondFactor(this.context, {
      person: { userId },
      reason,
      actor,
      writeNotice: ({ name, email }) => ({
        to: email,
        ...secondFactorResetMail({ name, portalUrl: this.settings.PORTAL_URL, portalName: this.settings.PORTAL_NAME }),
      }),
    });
    return findUser(this.context, userId);
  }

  private async grant(userId: string, grant: StaffGrant, { actor }: Caller): Promise<z.input<typeof user>> {
    await grantStaff(this.context, { userId, grant, actor });
    return findUser(this.context, userId);
  }

  private async revoke(userId: string, grant: StaffGrant, { actor }: Caller): Promise<z.input<typeof user>> {
    await revokeStaff(this.context, { userId, grant, actor });
    return findUser(this.context, userId);
  }
}
