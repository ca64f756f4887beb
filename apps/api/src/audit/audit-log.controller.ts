import { type ServiceContext, listAuditLog } from '#services';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { auditLogAnswer, auditLogQuery } from './audit-log.schema.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/audit-log')
export class AuditLogController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(auditLogAnswer, { summary: 'Who did what, newest first' })
  async listAuditLog(
    @Query({ schema: auditLogQuery }) { limit, ...filter }: z.output<typeof auditLogQuery>,
  ): Promise<z.input<typeof auditLogAnswer>> {
    const { entries, next } = await listAuditLog(this.context, filter, limit);
    return {
      entries: entries.map((entry) => ({
        id: entry.id,
        at: entry.createdAt,
        actor: entry.actorEmail ?? entry.actor.id ?? entry.actor.kind,
        action: entry.action,
        subject: entry.nounId === null ? entry.noun : `${entry.noun} ${entry.nounId}`,
        organizationId: entry.organizationId,
        details: entry.details ?? {},
      })),
      next,
    };
  }
}
