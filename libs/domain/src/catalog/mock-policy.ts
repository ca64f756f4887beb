/** Calls that are answered from the version's OpenAPI document and reach no upstream. */
export interface MockPolicy {
  /** Calls with test keys, or all. A version without an upstream answers all so. */
  readonly for: 'test' | 'all';
}
