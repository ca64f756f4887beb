import { TollgateError } from '#domain';

/** Why a document was refused. The codes are public and stable. */
export type OpenApiDocumentErrorCode =
  /** More bytes than `MAX_DOCUMENT_BYTES`. */
  | 'openapi_too_large'
  /** The bytes are not UTF-8. */
  | 'openapi_not_utf8'
  /** Neither YAML nor JSON; the message gives line and column. */
  | 'openapi_syntax'
  /** Nested deeper than `MAX_DOCUMENT_DEPTH`. */
  | 'openapi_too_deep'
  /** Aliases that multiply, too many values, or reading it took too much time or memory. */
  | 'openapi_too_complex'
  /** Holds something that JSON has no form for (NaN, binary data, a key named `__proto__`). */
  | 'openapi_not_json'
  /** Not OpenAPI 3.0.x or 3.1.x. */
  | 'openapi_version_unsupported'
  /** A required part is missing or of the wrong type. */
  | 'openapi_structure'
  /** A reference that leads out of the document. */
  | 'openapi_external_reference'
  /** A reference to a place that the document does not have, or that leads back to itself. */
  | 'openapi_unresolved_reference'
  /** Two operations with one name. */
  | 'openapi_duplicate_operation_id'
  /** A path template that no request could match, or two that match the same requests. */
  | 'openapi_invalid_path';

/** An OpenAPI document that cannot be used. The message says where and what to change. */
export class OpenApiDocumentError extends TollgateError {
  declare readonly code: OpenApiDocumentErrorCode;
  override readonly kind = 'invalid';

  constructor(code: OpenApiDocumentErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
  }
}
