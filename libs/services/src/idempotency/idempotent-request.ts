import { hash } from 'node:crypto';
import { ConflictError, type EncryptionKey, SecretError, TollgateError, openSecret, sealSecret } from '#domain';
import {
  type IdempotencyClaim,
  type IdempotencyRecord,
  answerIdempotencyClaim,
  claimIdempotencyKey,
  deleteExpiredIdempotencyRecords,
  deleteIdempotencyClaim,
  findIdempotencyRecord,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** How long an answer is given again. */
const LIFE_MS = 24 * 3_600_000;
/** No request takes as long; one without an answer after this has died. */
const LONGEST_REQUEST_MS = 120_000;
const EXPIRED_AT_ONCE = 50;
const PURPOSE = 'idempotent answer';

export interface IdempotentRequest {
  readonly userId: string;
  /** As the person's program sent it. */
  readonly key: string;
  readonly method: string;
  /** With its query. */
  readonly address: string;
  readonly body: Buffer;
}

/** What a request was answered; fields that belong to it, and the body as JSON text, empty for none. */
export interface IdempotentAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type IdempotencyOutcome =
  | { readonly kind: 'first'; readonly claim: IdempotencyClaim }
  | { readonly kind: 'answered'; readonly answer: IdempotentAnswer };

/** Another request with the key is under way. */
export class RequestUnderWayError extends ConflictError {
  readonly retryAfterSeconds = 2;

  constructor() {
    super(
      'idempotency_key_in_use',
      'A request with this Idempotency-Key is under way. Send this one again for its answer.',
    );
  }
}

/** The key was sent with another request before. */
class IdempotencyKeyReusedError extends TollgateError {
  override readonly kind = 'unprocessable';

  constructor() {
    super(
      'idempotency_key_reused',
      'This Idempotency-Key came with another request before. Use a key of its own for each.',
    );
  }
}

/**
 * Claims the key for the first request that comes with it, or finds what that one was answered. Of requests that come at once with a
 * key, one is the first.
 * @throws RequestUnderWayError; ConflictError `idempotency_outcome_unknown` when the first one died, or failed on our side: nobody
 *   knows then how much of it was done; IdempotencyKeyReusedError `idempotency_key_reused`
 */
export function claimIdempotentRequest(
  context: ServiceContext,
  request: IdempotentRequest,
  encryptionKeys: readonly EncryptionKey[],
): Promise<IdempotencyOutcome> {
  const { userId, key, method, address, body } = request;
  const createdAt = context.clock.now();
  const claim: IdempotencyClaim = {
    userId,
    keyHash: hash('sha256', key, 'buffer'),
    requestHash: hash('sha256', Buffer.concat([Buffer.from(`${method} ${address}\n`), body]), 'buffer'),
    claimId: context.ids.next(),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + LIFE_MS),
  };
  return context.unitOfWork.inSystem(async (transaction): Promise<IdempotencyOutcome> => {
    await deleteExpiredIdempotencyRecords(transaction, createdAt, EXPIRED_AT_ONCE);
    if (await claimIdempotencyKey(transaction, claim)) return { kind: 'first', claim };
    const record = await findIdempotencyRecord(transaction, claim);
    if (!record) throw new RequestUnderWayError();
    if (!record.requestHash.equals(claim.requestHash)) throw new IdempotencyKeyReusedError();
    return { kind: 'answered', answer: answerOf(record, createdAt, encryptionKeys) };
  });
}

function answerOf(
  { answer, createdAt }: IdempotencyRecord,
  now: Date,
  ring: readonly EncryptionKey[],
): IdempotentAnswer {
  if (answer === null) {
    if (now.getTime() - createdAt.getTime() < LONGEST_REQUEST_MS) throw new RequestUnderWayError();
    throw outcomeUnknown();
  }
  if (answer.status >= 500) throw outcomeUnknown();
  try {
    const { headers, body } = JSON.parse(openSecret(answer.sealed, PURPOSE, ring)) as Omit<IdempotentAnswer, 'status'>;
    return { status: answer.status, headers, body };
  } catch (error) {
    // The key that sealed it is no longer in the ring.
    if (error instanceof SecretError) throw outcomeUnknown();
    throw error;
  }
}

function outcomeUnknown(): ConflictError {
  return new ConflictError(
    'idempotency_outcome_unknown',
    'The first request with this Idempotency-Key has left no answer, and may have been carried out. Look whether it was, and use another key if it was not.',
  );
}

/** Keeps what the first request was answered, for a day, sealed. */
export async function answerIdempotentRequest(
  context: ServiceContext,
  claim: IdempotencyClaim,
  { status, headers, body }: IdempotentAnswer,
  encryptionKeys: readonly EncryptionKey[],
): Promise<void> {
  const sealed = sealSecret(JSON.stringify({ headers, body }), PURPOSE, encryptionKeys, context.fillRandom);
  await context.unitOfWork.inSystem((transaction) => answerIdempotencyClaim(transaction, claim, { status, sealed }));
}

/** Frees the key of a request that was refused: nothing was done, and the same key may be sent again. */
export async function releaseIdempotentRequest(context: ServiceContext, claim: IdempotencyClaim): Promise<void> {
  await context.unitOfWork.inSystem((transaction) => deleteIdempotencyClaim(transaction, claim));
}
