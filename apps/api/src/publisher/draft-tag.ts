import { InvalidError, TollgateError } from '#domain';

/** A change was asked for without saying what it is a change of. */
class IfMatchNeededError extends TollgateError {
  override readonly kind = 'precondition_required';

  constructor() {
    super('if_match_needed', 'Send the ETag that came with the draft as If-Match, or * for whatever is there.');
  }
}

/** The tag of a draft as the value of an ETag field. */
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
