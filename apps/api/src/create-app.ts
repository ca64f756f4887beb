import { randomFillSync } from 'node:crypto';
import { openRawEventStores } from '#archive';
import path from 'node:path';
import { repositoryRoot } from '#config';
import { type PaymentProvider, UuidV7Generator } from '#domain';
import { type Mailer, createSmtpMailer } from '#mail';
import { type Logger, NestLogger, createLogger } from '#observability';
import { SystemClock, UnitOfWork, connectDataSource } from '#persistence';
import {
  type ServiceContext,
  completeOidcSignUp,
  createClockControl,
  isAdminMissing,
  payersInvoiceUrl,
} from '#services';
import { createQueueDesk } from '#queues';
import { createStripePaymentProvider } from '#stripe';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { loadBrand } from './brand/brand.js';
import { createAuthentication } from './auth/create-authentication.js';
import { buildApiDocument } from './contract/api-document.js';
import { DocumentSource } from './docs/document-source.js';
import { createHttpAdapter, secureServer } from './http-server.js';
import { InvitationMails } from './organization/invitation-mails.js';
import { OidcClient } from './oidc/oidc-client.js';
import { oidcSignIn } from './oidc/oidc-sign-in.js';
import { ProcessHeartbeat } from './process/process-heartbeat.js';
import type { ApiSettings } from './tokens.js';
import { recordPasswordReset } from './user/account-notice.js';

const DRAIN_TIME_MS = 2_000;

/** Stand-ins for what the settings would make; tests bring their own clock, payment provider and mailer. */
export interface AppReplacements {
  readonly context?: ServiceContext;
  readonly paymentProvider?: PaymentProvider;
  readonly mailer?: Mailer;
  readonly logger?: Logger;
  readonly portalFolder?: string;
}

/** Said at each start until it is done. */
const NO_ADMIN =
  'nobody has the role admin, so nobody can give roles in the portal: make somebody one with `tollgate staff grant --email ADDRESS --role admin`';

export interface ApiApp {
  readonly app: NestFastifyApplication;
  /** Opens the port of the settings, a free one for 0; resolves to the address that it answers at. */
  listen(): Promise<string>;
  /** Ends what is under way and lets go of everything. */
  close(): Promise<void>;
}

/** The control plane as the settings say, ready to listen. */
export async function createApp(settings: ApiSettings, replacements: AppReplacements = {}): Promise<ApiApp> {
  const logger = replacements.logger ?? createLogger({ name: 'api', level: settings.LOG_LEVEL });
  const brand = await loadBrand(settings);
  const clock = new SystemClock();
  const context = replacements.context ?? (await connect(settings, clock, logger));
  const mailer = replacements.mailer ?? createSmtpMailer({ url: settings.SMTP_URL, from: settings.MAIL_FROM });
  const authentication = createAuthentication(settings, {
    mailer,
    logger,
    clock: context.clock,
    plugins: oidcPluginsOf(settings, context, logger),
    onPasswordReset: (user) => recordPasswordReset(context, user, settings),
  });
  const invitationMails = new InvitationMails(mailer, settings, logger);
  const queueDesk = createQueueDesk(settings.QUEUE_URL ?? settings.DATABASE_URL, (err) =>
    logger.warn({ err }, 'the connection to a queue was lost'),
  );
  const module = AppModule.of({
    settings,
    brand,
    context,
    paymentProvider: replacements.paymentProvider ?? paymentProviderOf(settings),
    authentication,
    invitationMails,
    queueDesk,
    clockControl: settings.TIME_MACHINE ? createClockControl(context, clock) : null,
    portalFolder: replacements.portalFolder ?? path.join(repositoryRoot(), 'apps/portal/dist'),
    logger,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    module,
    createHttpAdapter(context.ids, settings.TRUSTED_PROXIES),
    {
      rawBody: true,
      bodyParser: false,
      logger: new NestLogger(logger),
      abortOnError: false,
    },
  );
  await secureServer(app, settings, logger);
  await app.init();
  app.get(DocumentSource).describe(() => buildApiDocument(app));
  const heartbeat = new ProcessHeartbeat(context, settings, logger);
  return {
    app,
    listen: async () => {
      await app.listen(settings.API_PORT, settings.HOST);
      if (await isAdminMissing(context)) logger.warn(NO_ADMIN);
      heartbeat.start();
      return app.getUrl();
    },
    close: async () => {
      await closeServer(app);
      await heartbeat.stop();
      await invitationMails.settle();
      await queueDesk.close();
      await authentication.close();
      mailer.close();
      clock.stop();
      if (!replacements.context) await context.unitOfWork.dataSource.destroy();
    },
  };
}

/** Lets requests that are under way end; connections that hang are cut after a while. */
async function closeServer(app: NestFastifyApplication): Promise<void> {
  const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), DRAIN_TIME_MS);
  await app.close();
  clearTimeout(cut);
}

async function connect(settings: ApiSettings, clock: SystemClock, logger: Logger): Promise<ServiceContext> {
  const dataSource = await connectDataSource({ url: settings.DATABASE_URL, processName: 'api' }, (err) =>
    logger.warn({ err }, 'the database does not answer; waiting for it'),
  );
  await clock.follow(dataSource);
  const ids = new UuidV7Generator(clock, randomFillSync);
  const archive = openRawEventStores(settings);
  return { unitOfWork: new UnitOfWork(dataSource), clock, ids, fillRandom: randomFillSync, archive };
}

function oidcPluginsOf(settings: ApiSettings, context: ServiceContext, logger: Logger) {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
  if (!issuer || !clientId || !clientSecret) return [];
  const client = new OidcClient({ issuer, clientId, clientSecret, allowsPrivate: settings.ISSUER_ALLOW_PRIVATE });
  return [
    oidcSignIn({
      client,
      portalUrl: settings.PORTAL_URL,
      onSignUp: async ({ id, name }, callbackURL) => {
        // Who was invited joins that organization, and needs none of their own.
        if (!callbackURL.startsWith('/invitation')) await completeOidcSignUp(context, { userId: id, name });
      },
      onError: (err) => logger.warn({ err }, 'signing in with the identity provider failed'),
    }),
  ];
}

function paymentProviderOf(settings: ApiSettings): PaymentProvider {
  return createStripePaymentProvider({
    secretKey: settings.STRIPE_SECRET_KEY,
    apiBase: settings.STRIPE_API_BASE,
    webhookSecret: settings.STRIPE_WEBHOOK_SECRET,
    allowLive: settings.STRIPE_ALLOW_LIVE,
    minimumCharges: settings.STRIPE_MINIMUM_CHARGES,
    invoiceUrl: (invoiceId) => payersInvoiceUrl(settings.PORTAL_URL, invoiceId),
  });
}
