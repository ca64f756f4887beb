import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { MailError, type Mailer } from '#mail';
import { JobRefusedError, type MailJob } from '#queues';
import { QueueWorkersService } from '../runtime/queue-workers.service.js';
import { MAILER } from '../runtime/tokens.js';

const CONCURRENCY = 4;

/** Sends the mails that others have written. */
@Injectable()
export class NotificationsService implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(MAILER) private readonly mailer: Mailer,
    @Inject(QueueWorkersService) private readonly workers: QueueWorkersService,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.workers.start('mail', CONCURRENCY, {
      'send-mail': (mail, job) => this.workers.settle('mail', job, () => this.send(mail)),
    });
  }

  onApplicationShutdown(): void {
    this.mailer.close();
  }

  private async send({ to, subject, text, html }: MailJob): Promise<void> {
    try {
      await this.mailer.send({ to, subject, text, html });
    } catch (error) {
      if (error instanceof MailError && error.code === 'mail_refused') {
        throw new JobRefusedError(error.message, { cause: error });
      }
      throw error;
    }
  }
}
