import {
  ConflictError,
  type EncryptionKey,
  InvalidError,
  NotFoundError,
  WEBHOOK_RULES,
  WEBHOOK_SECRET_PURPOSE,
  type WebhookEndpoint,
  type WebhookEventType,
  generateWebhookSecret,
  parseWebhookUrl,
  sealSecret,
} from '#domain';
import {
  type Actor,
  type SealedWebhookEndpoint,
  type Transaction,
  cancelWaitingWebhooks,
  deleteSecret,
  deleteWebhookEndpoint as deleteRow,
  findWebhookEndpoint as findRow,
  insertSecret,
  insertWebhookEndpoint,
  listWebhookEndpoints as listRows,
  lockOrganization,
  lockWebhookEndpoint,
  setWebhookEndpointDisabled,
  updateWebhookEndpoint,
  updateWebhookSecrets,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditEndpoint } from './audit-endpoint.js';

interface EndpointInput {
  readonly organizationId: string;
  readonly endpointId: string;
  readonly actor: Actor;
}

export interface CreateWebhookEndpointInput {
  readonly organizationId: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly WebhookEventType[];
  /** Whether it may be in a private network; see `parseWebhookUrl`. */
  readonly allowsPrivate: boolean;
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly actor: Actor;
}

/** An endpoint with its new secret, whole only here. */
export interface WebhookEndpointWithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** An organization's endpoints, the newest first; there are at most `WEBHOOK_RULES.maxEndpoints`. */
export function listWebhookEndpoints(
  context: ServiceContext,
  organizationId: string,
): Promise<readonly WebhookEndpoint[]> {
  return context.unitOfWork.inOrganization(organizationId, (transaction) => listRows(transaction, organizationId));
}

/** @throws NotFoundError `webhook_endpoint_not_found` */
export function findWebhookEndpoint(
  context: ServiceContext,
  { organizationId, endpointId }: Omit<EndpointInput, 'actor'>,
): Promise<WebhookEndpoint> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const endpoint = await findRow(transaction, organizationId, endpointId);
    if (!endpoint) throw new NotFoundError('webhook endpoint');
    return endpoint;
  });
}

/**
 * Adds an endpoint that is told of events from now on.
 * @throws InvalidError `webhook_url_invalid`; ConflictError `too_many_webhook_endpoints`
 */
export function createWebhookEndpoint(
  context: ServiceContext,
  input: CreateWebhookEndpointInput,
): Promise<WebhookEndpointWithSecret> {
  const { organizationId, description, encryptionKeys, actor } = input;
  const url = parseWebhookUrl(input.url, input.allowsPrivate);
  const eventTypes = unique(input.eventTypes);
  // Secrets are for the system only; what is read and written here is the organization's.
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockOrganization(transaction, organizationId);
    if ((await listRows(transaction, organizationId)).length >= WEBHOOK_RULES.maxEndpoints)
      throw new ConflictError(
        'too_many_webhook_endpoints',
        `An organization has at most ${WEBHOOK_RULES.maxEndpoints} endpoints: delete one first.`,
      );
    const { secret, secretId } = await makeSecret(context, transaction, encryptionKeys);
    const id = context.ids.next();
    const createdAt = context.clock.now();
    await insertWebhookEndpoint(transaction, { id, organizationId, url, description, eventTypes, secretId, createdAt });
    const details = { origin: new URL(url).origin, eventTypes };
    await auditEndpoint(context, transaction, { organizationId, endpointId: id, actor }, 'created', details);
    return { endpoint: (await findRow(transaction, organizationId, id))!, secret };
  });
}

export interface EditWebhookEndpointInput extends EndpointInput {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly eventTypes?: readonly WebhookEventType[] | undefined;
  readonly isEnabled?: boolean | undefined;
  readonly allowsPrivate: boolean;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: WebhookEndpoint) => void;
}

/**
 * Changes what is given. Turned off, an endpoint is told of nothing, and what waits for it is given up; turned on, it is told
 * of what happens from then on.
 * @throws NotFoundError `webhook_endpoint_not_found`; InvalidError `webhook_url_invalid`, and what `check` throws
 */
export function editWebhookEndpoint(
  context: ServiceContext,
  input: EditWebhookEndpointInput,
): Promise<WebhookEndpoint> {
  const { organizationId, endpointId, isEnabled } = input;
  const url = input.url === undefined ? undefined : parseWebhookUrl(input.url, input.allowsPrivate);
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const known = await requireEndpoint(transaction, input);
    input.check?.(known);
    const edited = {
      id: endpointId,
      url: url ?? known.url,
      description: input.description ?? known.description,
      eventTypes: unique(input.eventTypes ?? known.eventTypes),
    };
    const changed = [
      ...(edited.url === known.url ? [] : ['url']),
      ...(edited.description === known.description ? [] : ['description']),
      ...(edited.eventTypes.join() === known.eventTypes.join() ? [] : ['eventTypes']),
    ];
    if (changed.length > 0) {
      await updateWebhookEndpoint(transaction, edited);
      const { eventTypes } = edited;
      await auditEndpoint(context, transaction, input, 'edited', {
        changed,
        origin: new URL(edited.url).origin,
        eventTypes,
      });
    }
    if (isEnabled !== undefined && isEnabled !== (known.disabledAt === null))
      await turn(context, transaction, input, isEnabled);
    return (await findRow(transaction, organizationId, endpointId))!;
  });
}

async function turn(
  context: ServiceContext,
  transaction: Transaction,
  input: EndpointInput,
  isEnabled: boolean,
): Promise<void> {
  const at = context.clock.now();
  await setWebhookEndpointDisabled(transaction, input.endpointId, isEnabled ? null : { at, reason: 'member' });
  if (!isEnabled) await cancelWaitingWebhooks(transaction, input.endpointId, at);
  await auditEndpoint(context, transaction, input, isEnabled ? 'enabled' : 'disabled', {});
}

/**
 * Gives an endpoint a new secret. The one before signs too for the overlap, so that receivers can be changed meanwhile;
 * with none it is worth nothing from now on. One that is in an overlap already ends at once.
 * @throws NotFoundError `webhook_endpoint_not_found`; InvalidError `overlap_invalid`
 */
export function rotateWebhookSecret(
  context: ServiceContext,
  input: EndpointInput & { readonly overlapSeconds: number; readonly encryptionKeys: readonly EncryptionKey[] },
): Promise<WebhookEndpointWithSecret> {
  const { organizationId, endpointId, overlapSeconds, encryptionKeys } = input;
  const { maxOverlapSeconds } = WEBHOOK_RULES;
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > maxOverlapSeconds)
    throw new InvalidError('overlap_invalid', `The overlap is 0 to ${maxOverlapSeconds} seconds (7 days).`);
  return context.unitOfWork.inSystem(async (transaction) => {
    const known = await requireEndpoint(transaction, input);
    const { secret, secretId } = await makeSecret(context, transaction, encryptionKeys);
    const endsAt = new Date(context.clock.nowMs() + overlapSeconds * 1_000);
    const previous = overlapSeconds > 0 ? { secretId: known.secretId, endsAt } : null;
    await updateWebhookSecrets(transaction, endpointId, { secretId, previous });
    if (known.previousSecretId !== null) await deleteSecret(transaction, known.previousSecretId);
    if (previous === null) await deleteSecret(transaction, known.secretId);
    await auditEndpoint(context, transaction, input, 'secret rotated', { overlapSeconds });
    return { endpoint: (await findRow(transaction, organizationId, endpointId))!, secret };
  });
}

/**
 * Deletes an endpoint with its secrets and all that is known of its messages.
 * @throws NotFoundError `webhook_endpoint_not_found`
 */
export function deleteWebhookEndpoint(context: ServiceContext, input: EndpointInput): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { id, url, secretId, previousSecretId } = await requireEndpoint(transaction, input);
    await deleteRow(transaction, id);
    await deleteSecret(transaction, secretId);
    if (previousSecretId !== null) await deleteSecret(transaction, previousSecretId);
    await auditEndpoint(context, transaction, input, 'deleted', { origin: new URL(url).origin });
  });
}

async function requireEndpoint(
  transaction: Transaction,
  { organizationId, endpointId }: EndpointInput,
): Promise<SealedWebhookEndpoint> {
  const endpoint = await lockWebhookEndpoint(transaction, organizationId, endpointId);
  if (!endpoint) throw new NotFoundError('webhook endpoint');
  return endpoint;
}

async function makeSecret(
  context: ServiceContext,
  transaction: Transaction,
  encryptionKeys: readonly EncryptionKey[],
): Promise<{ readonly secret: string; readonly secretId: string }> {
  const secret = generateWebhookSecret(context.fillRandom);
  const secretId = context.ids.next();
  const sealed = sealSecret(secret, WEBHOOK_SECRET_PURPOSE, encryptionKeys, context.fillRandom);
  await insertSecret(transaction, { id: secretId, purpose: WEBHOOK_SECRET_PURPOSE, ...sealed }, context.clock.now());
  return { secret, secretId };
}

function unique(eventTypes: readonly WebhookEventType[]): WebhookEventType[] {
  return [...new Set(eventTypes)].sort();
}
