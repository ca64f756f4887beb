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
const MAX_LIST_BYTES = 1_000_000;
const KEPT_MS = 3_600_000;
/** An unknown identifier makes us ask again, as does a list that could not be read, but not more often than that. */
const defaultRetryMs = 60_000;

/**
 * Keys that are listed at an address, as GitHub lists its own; kept for an hour, and for longer while they cannot be read
 * anew. Reports at once ask once.
 */
export class FetchedLeakReportKeys implements LeakReportKeys {
  private keys: ReadonlyMap<string, KeyObject> = new Map();
  private fetchedAt = -Infinity;
  private askedAt = -Infinity;
  private failure: LeakReportKeysUnavailableError | null = null;
  private fetching: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    private readonly retryMs = defaultRetryMs,
  ) {}

  /** @throws LeakReportKeysUnavailableError when the key is not known and the list cannot be read */
  async find(identifier: string): Promise<KeyObject | null> {
    const nowMs = performance.now();
    const isWanted = nowMs - this.fetchedAt > KEPT_MS || !this.keys.has(identifier);
    if (isWanted && (this.fetching !== null || nowMs - this.askedAt > this.retryMs)) {
      this.fetching ??= this.fetch().finally(() => (this.fetching = null));
      await this.fetching;
    }
    const key = this.keys.get(identifier) ?? null;
    if (key === null && this.failure !== null) throw this.failure;
    return key;
  }

  private async fetch(): Promise<void> {
    this.askedAt = performance.now();
    try {
      const response = await fetch(this.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
      if (!response.ok) throw new Error(`the list of keys was answered with ${response.status}`);
      const { public_keys: listed } = keyList.parse(JSON.parse(await textWithin(response, MAX_LIST_BYTES)));
      this.keys = new Map(listed.map(({ key_identifier: identifier, key }) => [identifier, createPublicKey(key)]));
      this.fetchedAt = performance.now();
      this.failure = null;
    } catch (error) {
      this.failure = new LeakReportKeysUnavailableError(error);
    }
  }
}

async function textWithin(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error('the list of keys is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
