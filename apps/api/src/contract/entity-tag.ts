import { createHash } from 'node:crypto';
import { InvalidError, PreconditionFailedError, TollgateError } from '#domain';
import { ApiHeader } from '@nestjs/swagger';

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
