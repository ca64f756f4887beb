import { randomFillSync } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { openRawEventStores } from '#archive';
import { UuidV7Generator } from '#domain';
import { createSmtpMailer } from '#mail';
import type { Logger } from '#observability';
import { SystemClock, UnitOfWork, connectDataSource } from '#persistence';
import { type ServiceContext, payersInvoiceUrl } from '#services';
import { createStripePaymentProvider } from '#stripe';
import { AdminServerService } from './admin/admin-server.service.js';
import { BillingCycleService } from './billing-cycle/billing-cycle.service.js';
import { IngestionService } from './ingestion/ingestion.service.js';
import { KeptUsageMetricsService } from './ingestion/kept-usage-metrics.service.js';
import { DailyProofService } from './maintenance/daily-proof.service.js';
import { OutboxDispatcherService } from './maintenance/outbox-dispatcher.service.js';
import { PartitionMakerService } from './maintenance/partition-maker.service.js';
import { TrafficKeeperService } from './maintenance/traffic-keeper.service.js';
import { UsageArchiverService } from './maintenance/usage-archiver.service.js';
import { KeyExpiryService } from './notifications/key-expiry.service.js';
import { NotificationsService } from './notifications/notifications.service.js';
import { PriceRisesService } from './notifications/price-rises.service.js';
import { VersionSunsetsService } from './notifications/version-sunsets.service.js';
import { UsageAlertsService } from './notifications/usage-alerts.service.js';
import { CreditWatchService } from './payments/credit-watch.service.js';
import { DisputeMetricsService } from './payments/dispute-metrics.service.js';
import { MeteredBillingService } from './payments/metered-billing.service.js';
import { DunningService } from './payments/dunning.service.js';
import { PaymentsService } from './payments/payments.service.js';
import { DatabaseService } from './runtime/database.service.js';
import { HeartbeatService } from './runtime/heartbeat.service.js';
import { MetricsService } from './runtime/metrics.service.js';
import { QueueWorkersService, describe } from './runtime/queue-workers.service.js';
import { RoundsService } from './runtime/rounds.service.js';
import { CONTEXT, LOGGER, MAILER, PAYMENT_PROVIDER, SETTINGS, type WorkerSettings } from './runtime/tokens.js';
import { TaxIdChecksService } from './tax/tax-id-checks.service.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

/** Connections at most: four segments, four collections, webhooks, the timers and the dispatcher. */
const POOL_SIZE = 16;

@Module({})
export class WorkerModule {
  static register(settings: WorkerSettings, logger: Logger): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOGGER, useValue: logger },
        { provide: CONTEXT, useFactory: () => createContext(settings, logger) },
        { provide: MAILER, useFactory: () => createSmtpMailer({ url: settings.SMTP_URL, from: settings.MAIL_FROM }) },
        {
          provide: PAYMENT_PROVIDER,
          useFactory: () =>
            createStripePaymentProvider({
              secretKey: settings.STRIPE_SECRET_KEY,
              apiBase: settings.STRIPE_API_BASE,
              webhookSecret: settings.STRIPE_WEBHOOK_SECRET,
              allowLive: settings.STRIPE_ALLOW_LIVE,
              minimumCharges: settings.STRIPE_MINIMUM_CHARGES,
              invoiceUrl: (invoiceId) => payersInvoiceUrl(settings.PORTAL_URL, invoiceId),
            }),
        },
        MetricsService,
        DatabaseService,
        QueueWorkersService,
        RoundsService,
        KeptUsageMetricsService,
        PartitionMakerService,
        DailyProofService,
        UsageArchiverService,
        TrafficKeeperService,
        IngestionService,
        BillingCycleService,
        PaymentsService,
        CreditWatchService,
        DunningService,
        DisputeMetricsService,
        MeteredBillingService,
        TaxIdChecksService,
        NotificationsService,
        KeyExpiryService,
        PriceRisesService,
        UsageAlertsService,
        VersionSunsetsService,
        WebhooksService,
        OutboxDispatcherService,
        HeartbeatService,
        AdminServerService,
      ],
    };
  }
}

async function createContext(settings: WorkerSettings, logger: Logger): Promise<ServiceContext> {
  const dataSource = await connectDataSource(
    { url: settings.DATABASE_URL, poolSize: POOL_SIZE, processName: 'worker' },
    (error) => logger.warn({ error: describe(error) }, 'the database does not answer; waiting for it'),
  );
  const clock = new SystemClock();
  if (settings.TIME_MACHINE) await clock.follow(dataSource);
  else await clock.refresh(dataSource);
  return {
    unitOfWork: new UnitOfWork(dataSource),
    clock,
    ids: new UuidV7Generator(clock, randomFillSync),
    fillRandom: randomFillSync,
    archive: openRawEventStores(settings),
  };
}
