import Stripe from 'stripe';

/** More failures of one call in a day are for another day. */
const MOST_KEYS = 20;

/** A create that is asked for with a key of our own. */
export interface KeyedCreate<Made> {
  readonly key: string;
  readonly create: (options: Stripe.RequestOptions) => Promise<Made>;
  /** Looks for what a call before may have made although it failed. */
  readonly find: () => Promise<Made | undefined>;
}

/**
 * Creates once, however often and by however many this is called. Stripe replays what it answered under a key for a day, a
 * failure of its own too (docs.stripe.com/api/idempotent_requests): then what is wanted is looked for, as such a call may have been
 * carried out, and asked for under the next key. A failure that is no replay is thrown: it is for another call of this.
 */
export async function createOnce<Made>({ key, create, find }: KeyedCreate<Made>): Promise<Made> {
  for (let time = 1; ; time++) {
    try {
      return await create({ idempotencyKey: time === 1 ? key : `${key}:${time}` });
    } catch (error) {
      if (time === MOST_KEYS || !isKeptFailure(error)) throw error;
    }
    const found = await find();
    if (found !== undefined) return found;
  }
}

function isKeptFailure(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeAPIError && error.headers?.['idempotent-replayed'] === 'true';
}
