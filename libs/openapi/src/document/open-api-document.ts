import type { JsonObject } from './json-value.js';

/** The methods that an OpenAPI 3.0 or 3.1 path item can have, as HTTP writes them. */
export type HttpMethod = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH' | 'TRACE';

export interface OpenApiInfo {
  readonly title: string;
  /** The version of the described API, as its publisher writes it. */
  readonly version: string;
  /** Markdown of the publisher, not sanitised. */
  readonly description: string | null;
}

/** One method of one path. */
export interface Operation {
  /** As the document says; unique in it. `null` where the publisher gave none. */
  readonly operationId: string | null;
  readonly method: HttpMethod;
  /** The path with its `{parameters}`, relative to the server's URL. */
  readonly template: string;
  readonly summary: string | null;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
}

/** A document that has passed every check of this library. */
export interface OpenApiDocument {
  /** The OpenAPI version, for example "3.1.0". */
  readonly openapi: string;
  readonly info: OpenApiInfo;
  /** The whole document as plain JSON, without shared objects; not sanitised (see `sanitizeForDisplay`). */
  readonly document: JsonObject;
  /** In the order of the document. */
  readonly operations: readonly Operation[];
}
