import type { JwtAlgorithm, PublishedKey } from '#domain';
import { fitsAlgorithm } from '#domain';
import type { KeyObject } from 'node:crypto';

/** Told when a key set was read, or could not be. */
export interface KeySetWaiter {
  onKeySetRead(): void;
}

export interface KeySetOptions {
  /** Reads all keys of the issuer anew. */
  readonly read: () => Promise<readonly PublishedKey[]>;
  readonly onError: (error: Error) => void;
  /** How old keys get before they are read anew. */
  readonly refreshMs: number;
  /** How soon a key that is not there makes it read again. */
  readonly minRefreshMs: number;
}

/**
 * The keys of one issuer, read before they are needed and anew from time to time. A token with a key that is not there makes
 * them be read once, at most every `minRefreshMs`. While the issuer does not answer, the keys at hand go on.
 */
export class KeySet {
  /** Changes with the keys; 0 before they were read for the first time. */
  version = 0;
  private keys: readonly PublishedKey[] = [];
  private text = '';
  private readAt = -Infinity;
  private reading: Promise<void> | null = null;
  private waiters: KeySetWaiter[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly options: KeySetOptions) {}

  /** The keys that can have signed a token with this header. */
  find(keyId: string | null, algorithm: JwtAlgorithm): readonly KeyObject[] {
    return this.keys
      .filter((key) => (keyId === null || key.keyId === keyId) && (key.algorithm ?? algorithm) === algorithm)
      .filter(({ key }) => fitsAlgorithm(key, algorithm))
      .map(({ key }) => key);
  }

  /**
   * Reads the keys, if they were not read just now. Whoever waits is told when that is done, however it ends; false when
   * there is nothing to wait for.
   */
  refresh(waiter: KeySetWaiter | null): boolean {
    if (!this.reading && performance.now() - this.readAt < this.options.minRefreshMs) return false;
    if (this.isStopped) return false;
    if (waiter) this.waiters.push(waiter);
    this.reading ??= this.read();
    return true;
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async read(): Promise<void> {
    clearTimeout(this.timer);
    this.readAt = performance.now();
    try {
      this.take(await this.options.read());
    } catch (error) {
      this.options.onError(error as Error);
    }
    this.reading = null;
    if (!this.isStopped) {
      const waitMs = this.version === 0 ? this.options.minRefreshMs : this.options.refreshMs;
      this.timer = setTimeout(() => this.refresh(null), waitMs).unref();
    }
    for (const waiter of this.waiters.splice(0)) waiter.onKeySetRead();
  }

  private take(keys: readonly PublishedKey[]): void {
    const text = JSON.stringify(keys.map(({ key, ...others }) => [others, key.export({ format: 'jwk' })]));
    if (text === this.text) return;
    this.text = text;
    this.keys = keys;
    this.version++;
  }
}
