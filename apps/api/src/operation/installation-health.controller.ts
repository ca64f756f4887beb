import { softwareVersion } from '#config';
import { type ServiceContext, readInstallationHealth } from '#services';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { installationHealth } from './installation-health.schema.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/health')
export class InstallationHealthController {
  private readonly softwareVersion = softwareVersion();

  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(installationHealth, {
    summary: 'What is wrong with the installation, and which workers and queues it has',
    description: 'What the alerts of the metrics say, as far as the database knows it.',
  })
  async readHealth(): Promise<z.input<typeof installationHealth>> {
    const { softwareVersion: version } = this;
    return { softwareVersion: version, ...(await readInstallationHealth(this.context, version)) };
  }
}
