import { type KeyObject, createPublicKey, verify } from 'node:crypto';
import { TollgateError } from '#domain';
import { z } from 'zod';

/** The keys of whoever reports leaks, by their identifiers. */
export interface LeakReportKeys {
  /** Null for an identifier that nobody knows. */
  find(identifier: string): Promise<KeyObject | null>;
}

const keyList = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string(), key: z.string() })).max(100),
});

const FETCH_TIMEOUT_MS = 5_000;
const KEPT_MS = 3_600_000;
/** An unknown identifier makes us ask again, but not more often than that. */
const RETRY_MS = 60_000;

/** Keys that are listed at an address, as GitHub lists its own; kept for an hour. */
export class FetchedLeakReportKeys implements LeakReportKeys {
  private keys: ReadonlyMap<string, KeyObject> = new Map();
  private fetchedAt = -Infinity;

  constructor(private readonly url: string) {}

  async find(identifier: string): Promise<KeyObject | null> {
    const ageMs = performance.now() - this.fetchedAt;
    if (ageMs > KEPT_MS || (!this.keys.has(identifier) && ageMs > RETRY_MS)) await this.fetch();
    return this.keys.get(identifier) ?? null;
  }

  private async fetch(): Promise<void> {
    try {
      const response = await fetch(this.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
      const { public_keys: listed } = keyList.parse(await response.json());
      this.keys = new Map(listed.map(({ key_identifier: identifier, key }) => [identifier, createPublicKey(key)]));
      this.fetchedAt = performance.now();
    } catch (error) {
      throw new LeakReportKeysUnavailableError(error);
    }
  }
}

/** Keys that the operator has named. */
export function fixedLeakReportKeys(keys: readonly { readonly id: string; readonly key: KeyObject }[]): LeakReportKeys {
  const byIdentifier = new Map(keys.map(({ id, key }) => [id, key]));
  return { find: async (identifier) => byIdentifier.get(identifier) ?? null };
}

/** True when the key has signed the body: ECDSA with P-256 and SHA-256, DER in base64. */
export function isSignedBy(key: KeyObject, body: Buffer, signature: string): boolean {
  return (
    key.asymmetricKeyType === 'ec' &&
    key.asymmetricKeyDetails?.namedCurve === 'prime256v1' &&
    verify('sha256', body, key, Buffer.from(signature, 'base64'))
  );
}

class LeakReportKeysUnavailableError extends TollgateError {
  override readonly kind = 'unavailable';

  constructor(cause: unknown) {
    super('leak_report_keys_unavailable', 'The reporter’s keys cannot be read at the moment. Send it again later.', {
      cause,
    });
  }
}
