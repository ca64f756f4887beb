import type { PaymentProvider } from '#domain';
import type { Logger } from '#observability';
import type { QueueDesk } from '#queues';
import type { ClockControl, ServiceContext } from '#services';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { AccessGuard } from './access/access.guard.js';
import type { Authentication } from './auth/authentication.js';
import type { Brand } from './brand/brand.js';
import { RequestValidationPipe } from './contract/request-validation.pipe.js';
import { controllers } from './controllers.js';
import { FetchedLeakReportKeys, type LeakReportKeys, fixedLeakReportKeys } from './credential/leak-report-keys.js';
import { DocsFiles } from './docs/docs-files.js';
import { DocumentSource } from './docs/document-source.js';
import { Sitemaps } from './docs/sitemaps.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import type { InvitationMails } from './organization/invitation-mails.js';
import { RenderedMarkdown } from './markup/rendered-markdown.js';
import { McpPortal } from './mcp/mcp-portal.js';
import { VersionChanges } from './docs/version-changes.js';
import { PublicPages } from './portal/public-pages.js';
import { ProblemFilter } from './problem/problem.filter.js';
import { ControlPlaneRate } from './rate-limit/control-plane-rate.js';
import { RateLimitInterceptor } from './rate-limit/rate-limit.interceptor.js';
import { StaticFiles } from './static/static-files.js';
import { KeptStatus } from './status/kept-status.js';
import { GatewayCaller } from './try-it/gateway-caller.js';
import {
  AUTHENTICATION,
  type ApiSettings,
  BRAND,
  CLOCK_CONTROL,
  DOCS_FILES,
  INVITATION_MAILS,
  LEAK_REPORT_KEYS,
  LOGGER,
  PAYMENT_PROVIDER,
  PORTAL_FILES,
  QUEUE_DESK,
  SERVICE_CONTEXT,
  SETTINGS,
} from './tokens.js';

/** What the routes work with. */
export interface ApiParts {
  readonly settings: ApiSettings;
  readonly brand: Brand;
  readonly context: ServiceContext;
  readonly paymentProvider: PaymentProvider;
  readonly authentication: Authentication;
  readonly invitationMails: InvitationMails;
  readonly queueDesk: QueueDesk;
  /** Null without the time machine. */
  readonly clockControl: ClockControl | null;
  /** The built portal. */
  readonly portalFolder: string;
  readonly logger: Logger;
}

@Module({})
export class AppModule {
  static of(parts: ApiParts): DynamicModule {
    return {
      module: AppModule,
      controllers,
      providers: [
        { provide: SETTINGS, useValue: parts.settings },
        { provide: BRAND, useValue: parts.brand },
        { provide: SERVICE_CONTEXT, useValue: parts.context },
        { provide: PAYMENT_PROVIDER, useValue: parts.paymentProvider },
        { provide: AUTHENTICATION, useValue: parts.authentication },
        { provide: INVITATION_MAILS, useValue: parts.invitationMails },
        { provide: LEAK_REPORT_KEYS, useFactory: () => leakReportKeysOf(parts.settings) },
        { provide: CLOCK_CONTROL, useValue: parts.clockControl },
        { provide: PORTAL_FILES, useFactory: () => StaticFiles.ofFolder(parts.portalFolder) },
        { provide: DOCS_FILES, useFactory: () => new DocsFiles() },
        { provide: QUEUE_DESK, useValue: parts.queueDesk },
        { provide: LOGGER, useValue: parts.logger },
        DocumentSource,
        Sitemaps,
        RenderedMarkdown,
        KeptStatus,
        PublicPages,
        ControlPlaneRate,
        McpPortal,
        VersionChanges,
        GatewayCaller,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: RequestValidationPipe },
        { provide: APP_INTERCEPTOR, useClass: RateLimitInterceptor },
        // Around the one that gives answers their form.
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(parts.logger) },
      ],
    };
  }
}

/** Null when no reporter's keys are known: then nobody can report. */
function leakReportKeysOf(settings: ApiSettings): LeakReportKeys | null {
  if (settings.LEAK_REPORT_KEYS) return fixedLeakReportKeys(settings.LEAK_REPORT_KEYS);
  return settings.LEAK_REPORT_KEYS_URL ? new FetchedLeakReportKeys(settings.LEAK_REPORT_KEYS_URL) : null;
}
