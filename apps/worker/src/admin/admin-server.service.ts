import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { ServiceContext } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { CONTEXT, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const DATABASE_TIMEOUT_MS = 2_000;

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Health and metrics, on a port of their own: /healthz, /readyz, /metrics. */
@Injectable()
export class AdminServerService implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private state: 'starting' | 'working' | 'stopping' = 'starting';
  private readonly server = http.createServer((request, response) => {
    this.answer(request.url ?? '/')
      .catch((): Answer => text(500, 'failed'))
      .then(({ status, contentType, body }) => {
        response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
      })
      .catch(() => response.destroy());
  });

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(MetricsService) private readonly metrics: MetricsService,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    const { HOST, WORKER_ADMIN_PORT } = this.settings;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(WORKER_ADMIN_PORT, HOST, resolve);
    });
  }

  /** Where it listens; another port than the settings say when they say 0. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** To be called once all queues are worked. */
  markWorking(): void {
    this.state = 'working';
  }

  beforeApplicationShutdown(): void {
    this.state = 'stopping';
  }

  onApplicationShutdown(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(url: string): Promise<Answer> {
    switch (url.split('?', 1)[0]) {
      case '/healthz':
        return text(200, 'ok');
      case '/readyz':
        return this.isReady();
      case '/metrics':
        return {
          status: 200,
          contentType: this.metrics.registry.contentType,
          body: await this.metrics.registry.metrics(),
        };
      default:
        return text(404, 'Ask for /healthz, /readyz or /metrics.');
    }
  }

  private async isReady(): Promise<Answer> {
    if (this.state !== 'working') return text(503, this.state);
    const asked = this.context.unitOfWork.dataSource.query('SELECT 1').then(
      () => true,
      () => false,
    );
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), DATABASE_TIMEOUT_MS)));
    const hasDatabase = await Promise.race([asked, timeout]);
    clearTimeout(timer);
    return hasDatabase ? text(200, 'ready') : text(503, 'the database does not answer');
  }
}

function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${body}\n` };
}
