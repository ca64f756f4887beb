import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { faulty } from '#faults';
import { webhookDisabledMail } from '#mail';
import type { Logger } from '#observability';
import { type JobQueue, createQueue } from '#queues';
import {
  type DeliveryPorts,
  type ServiceContext,
  deliverWebhook,
  leaseWebhooks,
  oldestWaitingWebhookMs,
  purgeWebhooks,
  returnWebhooks,
} from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { QueueWorkersService, describe } from '../runtime/queue-workers.service.js';
import { type Repetition, repeat } from '../runtime/repeat.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings, queueUrlOf } from '../runtime/tokens.js';
import { type WebhookSender, createWebhookSender } from './send-webhook.js';

const INTERVAL_MS = 250;
const MEASURE_INTERVAL_MS = 10_000;
const PURGE_INTERVAL_MS = 600_000;
const PURGE_BATCH = 1_000;
const CONCURRENCY = 32;
/** A receiver that takes 15 s for every answer has four at a time, and its organization's others still have room. */
const BOUNDS = { perEndpoint: 4, perOrganization: 12, inAll: 96 } as const;

/** Sends organizations what they want to be told of, and tries again what fails. The rows of the deliveries know what is due. */
@Injectable()
export class WebhooksService implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly sender: WebhookSender;
  private readonly queue: JobQueue<'webhooks'>;
  private repetitions: Repetition[] = [];

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(QueueWorkersService) private readonly workers: QueueWorkersService,
  ) {
    this.sender = createWebhookSender(settings.WEBHOOK_ALLOW_PRIVATE);
    this.queue = createQueue('webhooks', queueUrlOf(settings));
  }

  async onApplicationBootstrap(): Promise<void> {
    const ports: DeliveryPorts = {
      encryptionKeys: this.settings.ENCRYPTION_KEYS,
      send: (message) => faulty('webhook-send', () => this.sender.send(message)),
      writeMail: ({ endpointId, ...notice }) =>
        webhookDisabledMail({
          ...notice,
          url: new URL(`/dashboard/webhooks/${endpointId}`, this.settings.PORTAL_URL).href,
        }),
    };
    await this.workers.start('webhooks', CONCURRENCY, {
      'deliver-webhook': async (lease) => {
        const answer = await deliverWebhook(this.context, lease, ports);
        if (!answer) return;
        this.metrics.webhookAttempts.inc({ outcome: answer.outcome });
        this.metrics.webhookSeconds.observe(answer.durationMs / 1_000);
      },
    });
    const onError = (error: unknown) => this.logger.warn({ error: describe(error) }, 'webhooks failed');
    this.repetitions = [
      repeat(() => this.handOut(), INTERVAL_MS, onError),
      repeat(() => this.measure(), MEASURE_INTERVAL_MS, onError),
      repeat(async () => (await purgeWebhooks(this.context)) === PURGE_BATCH, PURGE_INTERVAL_MS, onError),
    ];
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.repetitions.map((repetition) => repetition.stop()));
    await this.queue.close();
  }

  /** When no job runs any more: a message that was being sent until then is no failure of its receiver. */
  async onApplicationShutdown(): Promise<void> {
    await this.sender.close();
  }

  private async handOut(): Promise<void> {
    const leases = await leaseWebhooks(this.context, BOUNDS);
    const results = await Promise.allSettled(leases.map((lease) => this.queue.add('deliver-webhook', lease)));
    const left = leases.filter((_, index) => results[index]!.status === 'rejected');
    if (left.length === 0) return;
    await returnWebhooks(this.context, left);
    throw results.find((result) => result.status === 'rejected')!.reason;
  }

  private async measure(): Promise<void> {
    this.metrics.webhookOldestSeconds.set((await oldestWaitingWebhookMs(this.context)) / 1_000);
  }
}
