/** How the requests of some operations, and their responses, are changed on their way. */
export interface TransformationDefinition {
  /** An operation id, "tag:NAME", "METHOD /template" or "*". All whose selector matches apply, in their order. */
  readonly selector: string;
  readonly request?: RequestTransformation | undefined;
  readonly response?: ResponseTransformation | undefined;
}

export interface RequestTransformation {
  readonly headers?: FieldChanges | undefined;
  readonly query?: FieldChanges | undefined;
  readonly path?: PathChange | undefined;
  readonly body?: BodyChanges | undefined;
}

/** Bodies are changed in answers with a 2xx status only, headers in all of the upstream's. */
export interface ResponseTransformation {
  readonly headers?: FieldChanges | undefined;
  readonly body?: (BodyChanges & { readonly tooLarge?: TooLargeAnswer | undefined }) | undefined;
}

/** What becomes of an answer over the bound: it passes unchanged, or is replaced by a 502. */
export type TooLargeAnswer = 'pass' | 'refuse';

/** Changes of header fields or query parameters, made in this order: remove, rename, set, add. */
export interface FieldChanges {
  readonly remove?: readonly string[] | undefined;
  /** New names by old ones; values stay. */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** Replaces all values of the name. Values may hold variables. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** One more value of the name. Values may hold variables. */
  readonly add?: Readonly<Record<string, string>> | undefined;
}

/** Paths are relative to the version's base path before, and to the upstream's URL after. */
export interface PathChange {
  /** Cut off where the path begins with it. */
  readonly stripPrefix?: string | undefined;
  /** The new path, with variables; what was the path before does not matter then. */
  readonly rewrite?: string | undefined;
}

/** Changes of a JSON body, made in this order: remove, rename, set, template. */
export interface BodyChanges {
  /** The largest body that is changed, in bytes. Default 1 MiB. */
  readonly maxBytes?: number | undefined;
  /** JSON pointers (RFC 6901). */
  readonly remove?: readonly string[] | undefined;
  readonly rename?: readonly { readonly from: string; readonly to: string }[] | undefined;
  /** Values by JSON pointer; objects on the way are made where they are missing. Texts may hold variables. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  /** The whole new body. A text that is just `${body}` or `${body/pointer}` is that value of the body before. */
  readonly template?: unknown;
}

export const DEFAULT_BODY_BYTES = 1_048_576;
