import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type EncryptionKey, isUuid } from '#domain';

/** An admitted call, and the gateway that has admitted it. */
export interface Ticket {
  readonly requestId: string;
  readonly gatewayId: string;
}

const macBytes = 16;

/**
 * Names an admitted call in a way that nobody else can: callers know the ids of their requests, and must not be able to say how
 * these ended. Only the proxy gets tickets. Any gateway of the installation can read them, by the keys that all share.
 */
export class Tickets {
  private readonly keys: readonly Buffer[];

  /** The first key signs; all of them verify. */
  constructor(encryptionKeys: readonly EncryptionKey[]) {
    this.keys = encryptionKeys.map(({ secret }) =>
      Buffer.from(hkdfSync('sha256', secret, '', 'tollgate decision ticket', 32)),
    );
  }

  write({ requestId, gatewayId }: Ticket): string {
    const name = `${requestId}.${gatewayId}`;
    return `${name}.${macOf(name, this.keys[0]!).toString('base64url')}`;
  }

  /** Null for what no gateway has written. */
  read(text: string): Ticket | null {
    const [requestId = '', gatewayId = '', mac = '', ...rest] = text.split('.');
    if (rest.length > 0 || !isUuid(requestId)) return null;
    const shown = Buffer.from(mac, 'base64url');
    if (shown.length !== macBytes) return null;
    const name = `${requestId}.${gatewayId}`;
    return this.keys.some((key) => timingSafeEqual(macOf(name, key), shown)) ? { requestId, gatewayId } : null;
  }
}

function macOf(name: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(name).digest().subarray(0, macBytes);
}
