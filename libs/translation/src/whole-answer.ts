/** What the client gets of an answer that was read to its end. */
export type TranslatedAnswer =
  | { readonly kind: 'result'; readonly value: unknown }
  /** `says` is what the upstream says in its own protocol, in a form that may be shown. */
  | { readonly kind: 'problem'; readonly status: number; readonly detail: string; readonly says: object };

/** Statuses of HTTP that mean the same in every protocol, though a proxy may have said them. */
const PASSED = new Map([
  [429, 'The API takes no more calls at the moment.'],
  [503, 'The API is not available at the moment.'],
  [504, 'The API did not answer in time.'],
]);

/** The answer for one that is not of the upstream's protocol; null where there is none but a 502. */
export function answerByStatus(status: number): TranslatedAnswer | null {
  const detail = PASSED.get(status);
  return detail === undefined ? null : { kind: 'problem', status, detail, says: {} };
}
