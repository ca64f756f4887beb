import { type ServiceContext, auditLogTable, listAuditNouns, listOrganizationAuditLog, writeTable } from '#services';
import { Controller, Get, Inject, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { exportFile, exportTypes } from '../invoice/invoice-file.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { organizationAuditLog, organizationAuditLogFilter, organizationAuditLogQuery } from './audit-log.schema.js';

@ApiTags('Organization')
@ForMembers('read_audit_log')
@Controller('api/v1/organizations/:organizationId')
export class OrganizationAuditLogController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('audit-log')
  @Answers(organizationAuditLog, { summary: 'Who changed what in an organization, newest first' })
  async listOrganizationAuditLog(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: organizationAuditLogQuery }) { limit, ...query }: z.output<typeof organizationAuditLogQuery>,
  ): Promise<z.input<typeof organizationAuditLog>> {
    const page = await listOrganizationAuditLog(this.context, { organizationId, ...query }, limit);
    return { ...page, nouns: await listAuditNouns(this.context, organizationId) };
  }

  @Get('audit-log.csv')
  @AnswersWith(exportTypes.csv, { summary: 'The audit log of an organization as CSV' })
  exportAuditLogCsv(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: organizationAuditLogFilter }) query: z.output<typeof organizationAuditLogFilter>,
  ): StreamableFile {
    return this.export('csv', organizationId, query);
  }

  @Get('audit-log.ndjson')
  @AnswersWith(exportTypes.ndjson, { summary: 'The audit log of an organization as JSON lines' })
  exportAuditLogNdjson(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: organizationAuditLogFilter }) query: z.output<typeof organizationAuditLogFilter>,
  ): StreamableFile {
    return this.export('ndjson', organizationId, query);
  }

  private export(
    format: 'csv' | 'ndjson',
    organizationId: string,
    query: z.output<typeof organizationAuditLogFilter>,
  ): StreamableFile {
    const table = auditLogTable(this.context, { organizationId, ...query });
    return exportFile(writeTable(table, format, this.context.clock.now()), 'audit-log', format);
  }
}
