import type { ParameterPlace } from '../contract/api-contract.js';

/** One way in which a request does not fit the document. */
export interface Violation {
  readonly in: ParameterPlace | 'body';
  /** Of a parameter. */
  readonly name?: string;
  /** Into the value, where it is not the value itself. */
  readonly pointer?: string;
  readonly message: string;
}
