/** A request as the OpenAPI document has it, with what a translation may take from it. */
export interface RestRequest {
  /** By name, decoded. */
  readonly pathParameters: ReadonlyMap<string, string>;
  /** Decoded names and values in their order. */
  readonly query: readonly (readonly [string, string])[];
  /** `undefined` for none. Numbers with more digits than JavaScript keeps may be raw JSON (`JSON.rawJSON`). */
  readonly body: unknown;
}

/** Where a request cannot be translated, in the words of those that do not fit their document. */
export interface RequestFault {
  readonly in: 'path' | 'query' | 'body';
  /** Of a parameter. */
  readonly name?: string;
  readonly message: string;
}

/** What the upstream is sent: by POST, whatever the client's method is. */
export interface TranslatedRequest {
  /** Begins with a slash; after the path of the upstream's URL. Empty for none. */
  readonly path: string;
  /** Name, value, name, value. */
  readonly fields: readonly string[];
  readonly body: Buffer;
}
