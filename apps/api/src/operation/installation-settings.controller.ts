import { describeVariables } from '#config';
import { type ServiceContext, readSettings } from '#services';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { installationSettings } from './installation-settings.schema.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/settings')
export class InstallationSettingsController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(installationSettings, {
    summary: 'With which settings the processes run',
    description:
      'What each process said when it started. A changed setting counts from the next start of the processes that read it.',
  })
  readInstallationSettings(): Promise<z.input<typeof installationSettings>> {
    return readSettings(this.context, describeVariables());
  }
}
