import { createHmac } from 'node:crypto';

/**
 * The `Stripe-Signature` header of a webhook: HMAC-SHA256 over `<unix seconds>.<body>` in lower-case hexadecimal, once for
 * each secret that is valid, as there are two while a secret is being rolled.
 */
export function signatureHeader(secrets: readonly string[], body: string, timestampSeconds: number): string {
  const signatures = secrets.map((secret) => {
    const signature = createHmac('sha256', secret).update(`${timestampSeconds}.${body}`, 'utf8').digest('hex');
    return `v1=${signature}`;
  });
  return [`t=${timestampSeconds}`, ...signatures].join(',');
}
