import {
  type EncryptionKey,
  WEBHOOK_RULES,
  WEBHOOK_SECRET_PURPOSE,
  type WebhookAttempt,
  type WebhookDisabledReason,
  type WebhookEndpoint,
  openSecret,
  signWebhook,
  webhookRetryDelayMs,
} from '#domain';
import {
  type LockedWebhookDelivery,
  type Transaction,
  type WebhookBounds,
  type WebhookLease,
  type WebhookToSend,
  cancelWaitingWebhooks,
  countWebhookAttempt,
  endWebhookOverlaps,
  findOldestDueWebhook,
  findOrganization,
  findSecret,
  insertWebhookAttempt,
  leaseDueWebhooks,
  listOwnerEmails,
  lockWebhookDelivery,
  lockWebhookEndpoint,
  purgeWebhookDeliveries,
  recordWebhookTry,
  returnWebhookLeases,
  setWebhookEndpointDisabled,
  setWebhookFailingSince,
  takeWebhookLease,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditEndpoint } from './audit-endpoint.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';

/** How long a turn waits to be taken, and how long it is good then: longer than a try can take. */
const WAITING_LEASE_MS = 60_000;
const RUNNING_LEASE_MS = 30_000;
const GONE = 410;
const PURGE_BATCH = 1_000;

/** What is sent: a POST with these headers and exactly this body. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of it. */
export type WebhookAnswer = Pick<WebhookAttempt, 'outcome' | 'status' | 'excerpt' | 'durationMs'>;

/** What owners are told of an endpoint that was turned off. */
export interface WebhookDisabledNotice {
  readonly organization: string;
  readonly endpointId: string;
  readonly origin: string;
  readonly reason: Exclude<WebhookDisabledReason, 'member'>;
}

export interface DeliveryPorts {
  readonly encryptionKeys: readonly EncryptionKey[];
  /** Sends once, within 15 s, and never rejects for what the receiver or the network does. */
  readonly send: (request: WebhookRequest) => Promise<WebhookAnswer>;
  readonly writeMail: (notice: WebhookDisabledNotice) => Omit<WrittenMail, 'to'>;
}

/** Gives out turns for messages that are due, within the bounds; each must be taken by `deliverWebhook` or given back. */
export function leaseWebhooks(context: ServiceContext, bounds: WebhookBounds): Promise<WebhookLease[]> {
  return context.unitOfWork.inSystem((transaction) => {
    const at = context.clock.now();
    return leaseDueWebhooks(transaction, { at, leasedUntil: new Date(at.getTime() + WAITING_LEASE_MS), bounds });
  });
}

/** Gives turns back that could not be handed on. */
export function returnWebhooks(context: ServiceContext, leases: readonly WebhookLease[]): Promise<void> {
  return context.unitOfWork.inSystem((transaction) => returnWebhookLeases(transaction, leases));
}

/**
 * Tries a message once, when it is still this turn's, and writes down what came of it. A worker that dies in between leaves a
 * turn that runs out: the message is sent again then, under the same id. Null when there was nothing to send.
 */
export async function deliverWebhook(
  context: ServiceContext,
  lease: WebhookLease,
  ports: DeliveryPorts,
): Promise<WebhookAnswer | null> {
  const taken = await context.unitOfWork.inSystem(async (transaction) => {
    const until = new Date(context.clock.nowMs() + RUNNING_LEASE_MS);
    const message = await takeWebhookLease(transaction, lease, until);
    return message && { message, secrets: await readSecrets(context, transaction, message, ports.encryptionKeys) };
  });
  if (!taken) return null;
  const { message, secrets } = taken;
  const attemptedAt = context.clock.now();
  const { url, body, eventId } = message;
  const headers = signWebhook({ id: eventId, sentAt: attemptedAt, body }, secrets);
  const answer = await ports.send({ url, headers, body });
  await context.unitOfWork.inSystem((transaction) =>
    record(context, transaction, { message, lease, answer, attemptedAt }, ports),
  );
  return answer;
}

/** The secrets that sign now, the current one first. */
async function readSecrets(
  context: ServiceContext,
  transaction: Transaction,
  { secretId, previousSecretId, previousSecretEndsAt }: WebhookToSend,
  ring: readonly EncryptionKey[],
): Promise<string[]> {
  const isOverlap = previousSecretEndsAt !== null && previousSecretEndsAt > context.clock.now();
  const ids = [secretId, ...(isOverlap && previousSecretId !== null ? [previousSecretId] : [])];
  const secrets: string[] = [];
  for (const id of ids) secrets.push(openSecret((await findSecret(transaction, id))!, WEBHOOK_SECRET_PURPOSE, ring));
  return secrets;
}

interface Tried {
  readonly message: WebhookToSend;
  readonly lease: WebhookLease;
  readonly answer: WebhookAnswer;
  readonly attemptedAt: Date;
}

async function record(
  context: ServiceContext,
  transaction: Transaction,
  { message, lease, answer, attemptedAt }: Tried,
  { writeMail }: DeliveryPorts,
): Promise<void> {
  const { id, organizationId, endpointId } = message;
  const endpoint = await lockWebhookEndpoint(transaction, organizationId, endpointId);
  const delivery = endpoint && (await lockWebhookDelivery(transaction, id));
  if (!delivery) return;
  const number = delivery.attempts + 1;
  const attempt = { ...answer, id: context.ids.next(), organizationId, deliveryId: id, number, attemptedAt };
  await insertWebhookAttempt(transaction, attempt);
  const isOwnTurn = delivery.lease === lease.lease && delivery.state === 'waiting';
  await settleTry(context, transaction, delivery, { answer, isOwnTurn });
  await judgeEndpoint(context, transaction, endpoint, answer, writeMail);
}

/** A message that has arrived is delivered, whoever's turn it was; for the rest only the turn that is counts. */
async function settleTry(
  context: ServiceContext,
  transaction: Transaction,
  delivery: LockedWebhookDelivery,
  { answer, isOwnTurn }: { readonly answer: WebhookAnswer; readonly isOwnTurn: boolean },
): Promise<void> {
  const attempts = delivery.attempts + 1;
  const now = context.clock.now();
  if (answer.outcome === 'delivered')
    return recordWebhookTry(transaction, delivery.id, { attempts, state: 'delivered', settledAt: now });
  if (!isOwnTurn) return countWebhookAttempt(transaction, delivery.id, attempts);
  const delayMs =
    answer.status === GONE ? null : webhookRetryDelayMs(attempts - delivery.scheduleStart, chanceOf(context));
  if (delayMs === null)
    return recordWebhookTry(transaction, delivery.id, { attempts, state: 'failed', settledAt: now });
  const nextAttemptAt = new Date(now.getTime() + delayMs);
  return recordWebhookTry(transaction, delivery.id, { attempts, state: 'waiting', nextAttemptAt });
}

async function judgeEndpoint(
  context: ServiceContext,
  transaction: Transaction,
  endpoint: WebhookEndpoint,
  { outcome, status }: WebhookAnswer,
  writeMail: DeliveryPorts['writeMail'],
): Promise<void> {
  if (endpoint.disabledAt !== null) return;
  if (outcome === 'delivered') return setWebhookFailingSince(transaction, endpoint.id, null);
  const now = context.clock.now();
  const failingSince = endpoint.failingSince ?? now;
  await setWebhookFailingSince(transaction, endpoint.id, failingSince);
  const hasFailedLong = now.getTime() - failingSince.getTime() >= WEBHOOK_RULES.maxFailingMs;
  if (status === GONE) await turnOff(context, transaction, endpoint, 'gone', writeMail);
  else if (hasFailedLong) await turnOff(context, transaction, endpoint, 'failing', writeMail);
}

async function turnOff(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, url }: WebhookEndpoint,
  reason: WebhookDisabledNotice['reason'],
  writeMail: DeliveryPorts['writeMail'],
): Promise<void> {
  const at = context.clock.now();
  const { origin } = new URL(url);
  await setWebhookEndpointDisabled(transaction, id, { at, reason });
  await cancelWaitingWebhooks(transaction, id, at);
  const actor = { kind: 'system', id: null } as const;
  await auditEndpoint(context, transaction, { organizationId, endpointId: id, actor }, 'disabled', { reason, origin });
  const organization = (await findOrganization(transaction, organizationId))?.name ?? '';
  const mail = writeMail({ organization, endpointId: id, origin, reason });
  for (const to of await listOwnerEmails(transaction, organizationId))
    await sendMail(context, transaction, { to, ...mail });
}

function chanceOf(context: ServiceContext): number {
  const bytes = Buffer.alloc(4);
  context.fillRandom(bytes);
  return bytes.readUInt32BE() / 2 ** 32;
}

/**
 * Forgets what was settled longer ago than it is kept, and secrets whose overlap is over. Returns how many messages it
 * forgot; there may be more when that is a thousand.
 */
export function purgeWebhooks(context: ServiceContext): Promise<number> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const now = context.clock.now();
    await endWebhookOverlaps(transaction, now);
    return purgeWebhookDeliveries(transaction, new Date(now.getTime() - WEBHOOK_RULES.retentionMs), PURGE_BATCH);
  });
}

/** For how long the message waits that is due first, in milliseconds; 0 when none is due. */
export function oldestWaitingWebhookMs(context: ServiceContext): Promise<number> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const now = context.clock.now();
    const dueAt = await findOldestDueWebhook(transaction, now);
    return dueAt === null ? 0 : now.getTime() - dueAt.getTime();
  });
}
