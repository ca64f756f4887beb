/** Origins from which calls are taken at all; written as in `CorsPolicy`. */
export interface OriginPolicy {
  readonly allow: readonly string[];
  /** Also refuses calls without the field `Origin`, which only browsers send. */
  readonly isRequired: boolean;
}
