import type { HttpMethod } from '../document/open-api-document.js';

/**
 * What a change asks of those who call the API: `breaking` may make a correct caller fail, `non_breaking` cannot, and
 * `docs` changes words only.
 */
export type ChangeSeverity = 'breaking' | 'non_breaking' | 'docs';

/** The operation that a change is about, as the newer of the two documents has it, or the older one when it is gone. */
export interface ChangedOperation {
  /** `WEBHOOK` for what the API itself calls. */
  readonly method: HttpMethod | 'WEBHOOK';
  /** The path template, or the name of the webhook. */
  readonly template: string;
  readonly operationId: string | null;
}

/** One difference between two documents. */
export interface DocumentChange {
  /** The rule that found it, stable: "parameter_required". */
  readonly rule: string;
  readonly severity: ChangeSeverity;
  /** Null for what is said of the API as a whole. */
  readonly operation: ChangedOperation | null;
  /** Where in the operation: "query parameter limit", "response 200 application/json · items[].name". */
  readonly place: string;
  /** What changed, as a short phrase in plain text: "is now required". Holds texts of the documents as they are. */
  readonly message: string;
}

/**
 * What a difference does to the values that are allowed. Narrower values break those who send them, wider ones break
 * those who read them.
 */
export type SchemaEffect =
  | 'narrower'
  | 'wider'
  /** Breaks both. */
  | 'either'
  /** Breaks nobody. */
  | 'neutral'
  /** Alters what leaving it out means: breaks those who send, and is words for those who read. */
  | 'omission'
  | 'docs';

/** Whether callers send a value or read it. */
export type Direction = 'sent' | 'read';

/** The severity of a difference in values that callers send or read. */
export function severityOf(effect: SchemaEffect, direction: Direction): ChangeSeverity {
  switch (effect) {
    case 'docs':
      return 'docs';
    case 'neutral':
      return 'non_breaking';
    case 'either':
      return 'breaking';
    case 'omission':
      return direction === 'sent' ? 'breaking' : 'docs';
    case 'narrower':
      return direction === 'sent' ? 'breaking' : 'non_breaking';
    case 'wider':
      return direction === 'read' ? 'breaking' : 'non_breaking';
  }
}
