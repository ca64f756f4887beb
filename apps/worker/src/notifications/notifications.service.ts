import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { MailError, type Mailer } from '#mail';
import { JobRefusedError, type MailJob } from '#queues';
import { type ServiceContext, giveUpMail, isTriedLongEnough } from '#services';
import { QueueWorkersService } from '../runtime/queue-workers.service.js';
import { CONTEXT, MAILER } from '../runtime/tokens.js';

const CONCURRENCY = 4;

/** Sends the mails that others have written; what is given up is kept for an operator. */
@Injectable()
export class NotificationsService implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(MAILER) private readonly mailer: Mailer,
    @Inject(QueueWorkersService) private readonly workers: QueueWorkersService,
    @Inject(CONTEXT) private readonly context: ServiceContext,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.workers.start('mail', CONCURRENCY, {
      'send-mail': (mail, job) => this.workers.settle('mail', job, () => this.send(mail)),
    });
  }

  onApplicationShutdown(): void {
    this.mailer.close();
  }

  private async send(mail: MailJob): Promise<void> {
    const { mailId, to, subject, text, html } = mail;
    try {
      await this.mailer.send({ to, subject, text, html });
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      if (error.code === 'mail_unavailable' && !isTriedLongEnough(this.context, mailId)) throw error;
      await giveUpMail(this.context, mail, error.message);
      throw new JobRefusedError(error.message, { cause: error });
    }
  }
}
