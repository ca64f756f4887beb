/** What is wrong with the configuration of a translation. */
export interface TranslationFault {
  /** Where in the policy, as keys from the outside in. */
  readonly path: readonly string[];
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** Thrown at an answer of an upstream that is not what its protocol wants. */
export class MalformedAnswerError extends Error {}

/** Thrown at an answer of an upstream with more bytes than may be translated. */
export class OversizedAnswerError extends Error {}
