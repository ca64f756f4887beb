import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SystemClock } from '#persistence';
import type { ServiceContext } from '#services';
import { CONTEXT } from './tokens.js';

/** Lets go of the database at the very end, when nothing works any more. */
@Injectable()
export class DatabaseService implements OnApplicationShutdown {
  constructor(@Inject(CONTEXT) private readonly context: ServiceContext) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.context.clock instanceof SystemClock) this.context.clock.stop();
    await this.context.unitOfWork.dataSource.destroy();
  }
}
