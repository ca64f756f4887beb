import { createHash } from 'node:crypto';
import { InvalidError, PreconditionFailedError, TollgateError } from '#domain';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

/** A change was asked for without saying what it is a change of. */
class IfMatchNeededError extends TollgateError {
  override readonly kind = 'precondition_required';

  constructor() {
    super('if_match_needed', 'Send the ETag that came with what you change as If-Match, or * for whatever is there.');
  }
}

/** Says in the OpenAPI document that a change wants to know what it is a change of. */
export const IfMatch = () =>
  ApiHeader({ name: 'if-match', required: true, description: 'The ETag that came with what is changed, or *.' });

/** The ETag of one of many in an answer, as the head has it of the only one. */
export const etag = z.string().describe('Send it as If-Match to change this.');

/** A tag as the value of an ETag field. */
export function toEtag(tag: string): string {
  return `"${tag}"`;
}

/**
 * The tag in the value of an If-Match field; null for `*`.
 * @throws IfMatchNeededError `if_match_needed`; InvalidError `if_match_malformed` for what is not one strong tag
 */
export function tagIn(ifMatch: string | undefined): string | null {
  if (ifMatch === undefined) throw new IfMatchNeededError();
  if (ifMatch.trim() === '*') return null;
  const [, tag] = /^\s*"([\x21\x23-\x7e]*)"\s*$/.exec(ifMatch) ?? [];
  if (tag === undefined) throw new InvalidError('if_match_malformed', 'If-Match: expected one ETag in quotes, or *.');
  return tag;
}

/** A strong tag of what an answer says: equal for equal answers. */
export function tagOf(representation: unknown): string {
  return createHash('sha256').update(JSON.stringify(representation)).digest('base64url').slice(0, 22);
}

/** The value of an ETag field for what of a thing one operation changes. */
export function etagOf(changeable: unknown): string {
  return toEtag(tagOf(changeable));
}

/** The answer as it is, once the head has the ETag of what of it one operation changes. */
export function withEtag<Answer>(reply: FastifyReply, answer: Answer, changeable: unknown): Answer {
  void reply.header('etag', etagOf(changeable));
  return answer;
}

/**
 * A check that a request saw what there is, by its If-Match; `changeable` says what of it the operation changes.
 * @throws what `tagIn` throws; the check throws what `requireTag` throws
 */
export function seenBy<Current>(
  ifMatch: string | undefined,
  changeable: (current: Current) => unknown,
): (current: Current) => void {
  const tag = tagIn(ifMatch);
  return (current) => requireTag(tag, changeable(current));
}

/**
 * Checks that a request saw what is there now.
 * @throws PreconditionFailedError `changed_meanwhile` when `tag`, which is null for "whatever is there", is another
 */
export function requireTag(tag: string | null, current: unknown): void {
  if (tag === null || tag === tagOf(current)) return;
  throw new PreconditionFailedError(
    'changed_meanwhile',
    'Somebody has changed this since you read it. Read it again, and repeat your change on what is there now.',
  );
}
