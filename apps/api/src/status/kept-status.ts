import { type ServiceContext, readServiceStatus } from '#services';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Kept } from '../static/kept.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import type { status } from './status.schema.js';

/** How the service is. Asked by everybody who looks at the portal, so it is kept for a moment. */
@Injectable()
export class KeptStatus {
  private readonly kept = new Kept(() => this.ask());

  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  /** As of a few seconds ago. */
  read(): Promise<z.input<typeof status>> {
    return this.kept.read();
  }

  private async ask(): Promise<z.input<typeof status>> {
    const found = await readServiceStatus(this.context);
    return { ...found, at: this.context.clock.now() };
  }
}
