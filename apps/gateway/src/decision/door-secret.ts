import { hash, timingSafeEqual } from 'node:crypto';

/** The field, by HTTP and by gRPC, in which whoever asks shows the secret. */
export const SECRET_FIELD = 'tollgate-secret';

/** Knows whether who asks may: everybody who gets here, or only who has the secret. */
export class DoorSecret {
  private readonly wanted: Buffer | null;

  constructor(secret: string | null) {
    this.wanted = secret === null ? null : hash('sha256', secret, 'buffer');
  }

  opens(shown: string | undefined): boolean {
    if (this.wanted === null) return true;
    return shown !== undefined && timingSafeEqual(hash('sha256', shown, 'buffer'), this.wanted);
  }
}
