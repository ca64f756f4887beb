import { createHmac } from 'node:crypto';
import type { FillRandom } from '../id/uuid-v7.js';

/** What the seals of webhooks' secrets are for; see `sealSecret`. */
export const WEBHOOK_SECRET_PURPOSE = 'webhook';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret in the form of the Standard Webhooks specification: `whsec_` and 32 random bytes in base64. */
export function generateWebhookSecret(fillRandom: FillRandom): string {
  const bytes = Buffer.alloc(SECRET_BYTES);
  fillRandom(bytes);
  return PREFIX + bytes.toString('base64');
}

/** A message as it is signed. */
export interface SignedContent {
  /** `webhook-id`. */
  readonly id: string;
  /** When this try is made; whole seconds are signed. */
  readonly sentAt: Date;
  readonly body: string;
}

/**
 * The headers of a message by Standard Webhooks 1.0: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64, once for
 * each secret, apart by spaces. Whoever receives it accepts it when one of the signatures is theirs.
 */
export function signWebhook(
  { id, sentAt, body }: SignedContent,
  secrets: readonly string[],
): {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
} {
  const timestamp = String(Math.floor(sentAt.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
