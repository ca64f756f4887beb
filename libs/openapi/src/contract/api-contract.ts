import type { JsonValue } from '../document/json-value.js';

/**
 * What of an OpenAPI document a gateway needs to check requests against it and to answer in the place of an upstream.
 * The parts are JSON texts, so that what no request asks for is never parsed.
 */
export interface ApiContract {
  /** By operation name, each the text of an `OperationContract`. */
  readonly operations: Readonly<Record<string, string>>;
  /** By JSON pointer ("#/components/schemas/Country"), each the text of a normalized schema. */
  readonly schemas: Readonly<Record<string, string>>;
}

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'json';

/** A parameter of an operation, with the defaults of OpenAPI filled in. */
export interface ParameterContract {
  readonly name: string;
  readonly in: ParameterPlace;
  readonly required: boolean;
  /** `json` for a parameter that is described by a JSON media type. */
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly allowsEmpty: boolean;
  readonly schema: JsonValue;
}

/** A body of one media type or range, with its normalized schema; `true` where there is none. */
export interface MediaContract {
  /** In lower case, without parameters. */
  readonly type: string;
  readonly schema: JsonValue;
  /** Of forms in parts: which media types the part of a name may have. */
  readonly partTypes?: Readonly<Record<string, readonly string[]>>;
}

export interface ResponseMedia extends MediaContract {
  /** The document's examples by name; one without a name has the name "". */
  readonly examples: Readonly<Record<string, JsonValue>>;
}

export interface OperationContract {
  readonly parameters: readonly ParameterContract[];
  readonly body: { readonly required: boolean; readonly content: readonly MediaContract[] } | null;
  /** In the order of the document, by "200", "2XX" or "default". Empty unless the version is mocked. */
  readonly responses: readonly { readonly status: string; readonly content: readonly ResponseMedia[] }[];
}

/** The keyword that takes the place of `$ref`: a pointer into `ApiContract.schemas`. */
export const REFERENCE = 'reference';
