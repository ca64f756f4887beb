import type { Mode } from '../usage/usage-event.js';

/** An API key as it is kept: never the secret, only its peppered hash. */
export interface Credential {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  /** The public part of the key: look-up, logs, screens. */
  readonly keyId: string;
  readonly mode: Mode;
  readonly name: string;
  readonly secretHash: Buffer;
  /** Which pepper of the ring the hash was made with. */
  readonly pepperId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}
