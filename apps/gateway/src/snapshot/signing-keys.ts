import { type KeyObject, createPrivateKey } from 'node:crypto';
import { type EncryptionKey, SIGNING_KEY_PURPOSE, type SigningAlgorithm, openSecret, signingKeyAt } from '#domain';
import type { SigningKeyRecord } from '#persistence';
import { sealedSecret } from './sealed-secret.js';

interface OpenKey {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly activeFromMs: number;
  readonly privateKey: KeyObject;
}

/** The keys that sign tokens to upstreams, opened when the first version wants one. */
export class SigningKeys {
  private opened: readonly OpenKey[] | null = null;

  constructor(
    private readonly records: readonly SigningKeyRecord[],
    private readonly encryptionKeys: readonly EncryptionKey[],
  ) {}

  /** @throws SecretError for a key that does not open, Error when there is none. */
  open(): void {
    this.opened ??= this.records.map(({ secret, ...key }) => ({
      ...key,
      privateKey: createPrivateKey(openSecret(sealedSecret(secret), SIGNING_KEY_PURPOSE, this.encryptionKeys)),
    }));
    if (this.opened.length === 0) throw new Error('there is no signing key');
  }

  /** The key that signs now. Before the first is active, as clocks differ a little, that one does. */
  at(nowMs: number): OpenKey {
    const keys = this.opened!;
    return signingKeyAt(keys, nowMs) ?? keys[0]!;
  }
}
