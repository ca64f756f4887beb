import { createHmac } from 'node:crypto';

/** The `Stripe-Signature` header of a webhook: HMAC-SHA256 over `<unix seconds>.<body>` in lower-case hexadecimal. */
export function signatureHeader(secret: string, body: string, timestampSeconds: number): string {
  const signature = createHmac('sha256', secret).update(`${timestampSeconds}.${body}`, 'utf8').digest('hex');
  return `t=${timestampSeconds},v1=${signature}`;
}
