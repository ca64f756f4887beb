import type { ServiceContext } from '#services';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { portalTermsOf } from '../access/portal-terms.js';
import type { Brand } from '../brand/brand.js';
import { Answers } from '../contract/answers.decorator.js';
import { type ApiSettings, BRAND, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { portalSettings } from './settings.schema.js';

@ApiTags('Portal')
@Public()
@Controller('api/v1/settings')
export class SettingsController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(BRAND) private readonly brand: Brand,
  ) {}

  @Get()
  @Answers(portalSettings, { summary: 'What a browser must know about this installation' })
  readSettings(): z.input<typeof portalSettings> {
    return {
      portalName: this.brand.name,
      tagline: this.brand.tagline,
      supportUrl: this.settings.SUPPORT_URL ?? null,
      privacyUrl: this.settings.PRIVACY_URL ?? null,
      legalNoticeUrl: this.settings.LEGAL_NOTICE_URL ?? null,
      gatewayUrl: this.settings.GATEWAY_URL,
      inbox: this.settings.MAIL_INBOX_URL !== undefined,
      timeMachine: this.settings.TIME_MACHINE,
      simulatedPayments: this.settings.STRIPE_API_BASE !== undefined,
      identityProvider: this.settings.OIDC_ISSUER ? this.settings.OIDC_LABEL : null,
      terms: portalTermsOf(this.settings),
      now: this.context.clock.now(),
    };
  }
}
