import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { NotFoundError, type PaymentProvider } from '#domain';
import type { Logger } from '#observability';
import { JobRefusedError, type RunningJob } from '#queues';
import {
  type PaymentAlarms,
  type ServiceContext,
  areFeesDue,
  collectInvoice,
  markPastDue,
  processWebhook,
  reconcileCheckouts,
  reconcileDisputes,
  reconcileInvoices,
  reconcileRefunds,
  reconcileTaxes,
  recordFees,
  refundPayment,
  settleEndingTrials,
  settleInvoice,
  taxInvoice,
} from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { QueueWorkersService } from '../runtime/queue-workers.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, PAYMENT_PROVIDER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';
import { paymentAlarms } from './payment-alarms.js';

const CONCURRENCY = 4;
/** How often the provider is asked for what its webhooks should have told. */
const RECONCILE_INTERVAL_MS = 3_600_000;
/** How soon after the clock was moved by an hour the fees are read. */
const FEES_CHECK_INTERVAL_MS = 60_000;
/** How soon after its end a trial that nothing follows is dealt with. */
const TRIAL_INTERVAL_MS = 1_000;
/** How soon after its due moment an invoice to be paid by transfer is past due. */
const OVERDUE_INTERVAL_MS = 1_000;

/** Collects invoices at the payment provider and acts on what the provider tells. */
@Injectable()
export class PaymentsService implements OnApplicationBootstrap {
  private readonly alarms: PaymentAlarms;

  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(SETTINGS) settings: WorkerSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(QueueWorkersService) private readonly workers: QueueWorkersService,
  ) {
    this.alarms = paymentAlarms(settings.PORTAL_URL);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.workers.start('payments', CONCURRENCY, {
      'collect-invoice': ({ invoiceId }, job) =>
        this.settle(job, async () => {
          const options = { alarms: this.alarms, tries: job.attempt };
          const outcome = await collectInvoice(this.context, this.provider, invoiceId, options);
          if (outcome.outcome === 'held') this.metrics.heldInvoices.inc();
          this.logger[outcome.outcome === 'held' ? 'error' : 'info']({ invoiceId, ...outcome }, 'invoice collected');
        }),
      'tax-invoice': ({ invoiceId }, job) =>
        this.settle(job, async () => {
          const options = { alarms: this.alarms, tries: job.attempt };
          const outcome = await taxInvoice(this.context, this.provider, invoiceId, options);
          if (outcome.outcome === 'held') this.metrics.heldInvoices.inc();
          this.logger[outcome.outcome === 'held' ? 'error' : 'info']({ invoiceId, ...outcome }, 'invoice taxed');
        }),
      'settle-invoice': ({ invoiceId }, job) =>
        this.settle(job, async () => {
          const state = await settleInvoice(this.context, this.provider, invoiceId);
          this.logger.info({ invoiceId, state }, 'invoice settled');
        }),
      'refund-payment': ({ refundId }, job) =>
        this.settle(job, async () => {
          const state = await refundPayment(this.context, this.provider, refundId, this.alarms);
          if (state === 'failed') this.metrics.failedRefunds.inc();
          this.logger[state === 'failed' ? 'error' : 'info']({ refundId, state }, 'payment refunded');
        }),
      'process-webhook': ({ eventId }, job) =>
        this.settle(job, async () => {
          const options = { alarms: this.alarms, tries: job.attempt };
          const result = await processWebhook(this.context, this.provider, eventId, options);
          if (result === 'given_up') throw new JobRefusedError('The provider refuses what the webhook tells of.');
          this.logger.info({ eventId, result }, 'webhook');
        }),
    });
    this.rounds.begin(
      async () => void (await reconcileInvoices(this.context, this.provider)),
      RECONCILE_INTERVAL_MS,
      'reconciling with the payment provider failed',
      'warn',
    );
    this.rounds.begin(
      async () => void (await reconcileTaxes(this.context, this.provider, this.alarms)),
      RECONCILE_INTERVAL_MS,
      'asking the payment provider for taxes failed',
      'warn',
    );
    this.rounds.begin(
      async () => void (await reconcileCheckouts(this.context, this.provider, this.alarms)),
      RECONCILE_INTERVAL_MS,
      'reconciling payment pages with the payment provider failed',
      'warn',
    );
    this.rounds.begin(
      async () => {
        const failed = await reconcileRefunds(this.context, this.provider, this.alarms);
        this.metrics.failedRefunds.inc(failed);
        if (failed > 0) this.logger.error({ failed }, 'refunds that did not reach the card');
      },
      RECONCILE_INTERVAL_MS,
      'reconciling refunds with the payment provider failed',
      'warn',
    );
    this.rounds.begin(
      async () => {
        const opened = await reconcileDisputes(this.context, this.provider, this.alarms);
        if (opened > 0) this.logger.error({ opened }, 'payments are disputed, and no webhook has told it');
      },
      RECONCILE_INTERVAL_MS,
      'reconciling disputes with the payment provider failed',
      'warn',
    );
    this.rounds.begin(
      () => this.readFees(),
      FEES_CHECK_INTERVAL_MS,
      'recording fees of the payment provider failed',
      'warn',
    );
    this.rounds.begin(
      async () => {
        const outcome = await settleEndingTrials(this.context, this.provider);
        if (outcome.continued + outcome.ended > 0) this.logger.info(outcome, 'trials settled');
      },
      TRIAL_INTERVAL_MS,
      'settling trials failed',
      'warn',
    );
    this.rounds.begin(
      async () => {
        for (const { id, number } of await markPastDue(this.context))
          this.logger.info({ invoiceId: id, number }, 'invoice past due');
      },
      OVERDUE_INTERVAL_MS,
      'making invoices past due failed',
      'warn',
    );
  }

  /** Once an hour by the installation's clock, so that the books are right soon after it was moved. */
  private async readFees(): Promise<void> {
    if (!(await areFeesDue(this.context))) return;
    const readMs = this.context.clock.nowMs();
    const recorded = await recordFees(this.context, this.provider);
    this.metrics.feesRead.set(readMs / 1_000);
    if (recorded > 0) this.logger.info({ recorded }, 'fees of the payment provider recorded');
  }

  private settle(job: RunningJob, work: () => Promise<void>): Promise<void> {
    return this.workers.settle('payments', job, async () => {
      try {
        await work();
      } catch (error) {
        // What is not there now was never there: jobs are queued after the commit that made it.
        if (error instanceof NotFoundError) throw new JobRefusedError(error.message, { cause: error });
        throw error;
      }
    });
  }
}
