/** Where a rule looks in a 2xx answer. */
export type BillableWhenPlace =
  | { readonly header: string; readonly pointer?: undefined }
  /** RFC 6901, into the JSON body. */
  | { readonly pointer: string; readonly header?: undefined };

/**
 * Tells a 2xx answer that is worth its price from a soft error. The value, as text, must be one of `oneOf`, or none of
 * `noneOf`; a value that is missing is in no list. An answer whose body cannot be read is not a soft error.
 */
export type BillableWhenRule = BillableWhenPlace & {
  /** Which operations: an operation id, `tag:NAME`, "METHOD /template", or `*`. The first rule that matches holds. */
  readonly selector: string;
} & (
    | { readonly oneOf: readonly string[]; readonly noneOf?: undefined }
    | { readonly noneOf: readonly string[]; readonly oneOf?: undefined }
  );
