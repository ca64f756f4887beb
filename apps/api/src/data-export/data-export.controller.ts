import { type ServiceContext, exportOrganizationData, exportPersonData } from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { ForMembers, ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication, SignedInUser } from '../auth/authentication.js';
import { provePassword } from '../auth/prove-person.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { TooManyRequestsError } from '../problem/request-error.js';
import { AUTHENTICATION, type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { dataExport, dataExportRequest, exportQuery } from './data-export.schema.js';
import { type ExportSubject, issueTicket, requireTicket } from './export-ticket.js';

const ZIP = 'application/zip';
const rules = 'Takes the password, or, without one, a sign-in within the last ten minutes. Ten an hour.';

@ApiTags('Data export')
@Controller('api/v1')
export class DataExportController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Post('user/export')
  @ForUsers()
  @Answers(dataExport, { summary: 'Ask for all that is kept of you', description: rules })
  async requestPersonExport(
    @Body({ schema: dataExportRequest }) body: z.output<typeof dataExportRequest>,
    @CurrentCaller() { user }: Caller,
  ): Promise<z.input<typeof dataExport>> {
    return this.issue(user, null, body);
  }

  @Get('user/export')
  @ForUsers()
  @AnswersWith(ZIP, { summary: 'All that is kept of you, streamed as a ZIP archive' })
  async exportPerson(
    @Query({ schema: exportQuery }) { ticket }: z.output<typeof exportQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<StreamableFile> {
    await this.redeem({ userId, organizationId: null }, ticket);
    return zipFile(await exportPersonData(this.context, userId), 'your-data');
  }

  @Post('organizations/:organizationId/export')
  @ForMembers('export_data')
  @Answers(dataExport, { summary: 'Ask for all that is kept of an organization', description: rules })
  async requestOrganizationExport(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: dataExportRequest }) body: z.output<typeof dataExportRequest>,
    @CurrentCaller() { user }: Caller,
  ): Promise<z.input<typeof dataExport>> {
    return this.issue(user, organizationId, body);
  }

  @Get('organizations/:organizationId/export')
  @ForMembers('export_data')
  @AnswersWith(ZIP, { summary: 'All that is kept of an organization, streamed as a ZIP archive' })
  async exportOrganization(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: exportQuery }) { ticket }: z.output<typeof exportQuery>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<StreamableFile> {
    await this.redeem({ userId, organizationId }, ticket);
    return zipFile(await exportOrganizationData(this.context, { organizationId, actor }), 'organization-data');
  }

  private async issue(
    user: SignedInUser,
    organizationId: string | null,
    proof: z.output<typeof dataExportRequest>,
  ): Promise<z.input<typeof dataExport>> {
    const { context, authentication } = this;
    await provePassword({ context, authentication }, user, proof);
    const subject = { userId: user.id, organizationId };
    const { ticket, expiresAt } = issueTicket(this.settings.AUTH_SECRET, subject, context.clock.nowMs());
    const path = organizationId === null ? 'user' : `organizations/${organizationId}`;
    return { url: `/api/v1/${path}/export?ticket=${ticket}`, expiresAt };
  }

  private async redeem(subject: ExportSubject, ticket: string): Promise<void> {
    requireTicket(this.settings.AUTH_SECRET, subject, ticket, this.context.clock.nowMs());
    const waitSeconds = await this.authentication.countExport(subject.userId);
    if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
  }
}

function zipFile(content: Readable, name: string): StreamableFile {
  return new StreamableFile(content, { type: ZIP, disposition: `attachment; filename="${name}.zip"` });
}
