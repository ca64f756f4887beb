/**
 * In which protocol the upstream of a version is asked, where that is not the HTTP of its OpenAPI document: one of them. All operations of
 * the version are translated, and calls of every mode.
 */
export interface TranslationPolicy {
  readonly grpc?: GrpcTranslationPolicy | undefined;
  readonly graphql?: GraphqlTranslationPolicy | undefined;
  readonly soap?: SoapTranslationPolicy | undefined;
}

/** What crosses a translation beside what the translation is of. */
export interface TranslatedFields {
  /** Header fields of the client that the upstream gets; no others but the gateway's own. In lower case. */
  readonly request: readonly string[];
  /** Fields of the upstream that the client gets. In lower case. */
  readonly response: readonly string[];
}

export interface GrpcTranslationPolicy {
  /** A `google.protobuf.FileDescriptorSet` with all imports, in base64. */
  readonly descriptors: string;
  /** The full name of the service whose methods are meant; by default those of all services. */
  readonly service?: string | undefined;
  /** By operation id; operations that are not here are found by their `google.api.http`. */
  readonly operations?: Readonly<Record<string, GrpcOperationPolicy>> | undefined;
  /** What becomes of query parameters and members of a body that the request message does not have. */
  readonly unknownFields: 'refuse' | 'ignore';
  /** Whether fields without presence are in answers when they have their default value. */
  readonly emitsDefaults: boolean;
  /** How members of answers are called: as protobuf's JSON has it, or as the .proto file does. Requests may have both. */
  readonly fieldNames: 'camelCase' | 'proto';
  readonly metadata: TranslatedFields;
  /** The largest request body. */
  readonly maxRequestBytes: number;
  /** The largest message of an answer. */
  readonly maxMessageBytes: number;
}

/** How one operation becomes a method. */
export interface GrpcOperationPolicy {
  /** "package.Service/Method", or "Method" of the service that the policy names. */
  readonly method: string;
  /** What the JSON body is: the whole message ("*"), a field of it, or nothing (""). Default: "*" for POST, PUT and PATCH, else "". */
  readonly body?: string | undefined;
  /** The field of the response that is the answer; by default all of it. */
  readonly responseBody?: string | undefined;
  /** Field paths by the names of path and query parameters; by default a parameter is called as its field. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** What translations by request and whole answer have in common. */
interface WholeAnswerPolicy {
  /** After the upstream's URL, which ends without a slash; begins with one. */
  readonly path?: string | undefined;
  /** What becomes of query parameters that nothing takes. */
  readonly unknownFields: 'refuse' | 'ignore';
  readonly headers: TranslatedFields;
  readonly maxRequestBytes: number;
  /** The largest answer. */
  readonly maxResponseBytes: number;
}

export interface GraphqlTranslationPolicy extends WholeAnswerPolicy {
  /** In GraphQL's schema language; documents are checked against it when it is given. */
  readonly schema?: string | undefined;
  /** By operation id. */
  readonly operations: Readonly<Record<string, GraphqlOperationPolicy>>;
  /** The status of an answer without data by the `extensions.code` of its errors, beside the usual ones. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface GraphqlOperationPolicy {
  /** A document with one query or mutation. */
  readonly query: string;
  /** Where variables come from: "path.NAME", "query.NAME", "body" or "body/json/pointer". */
  readonly variables: Readonly<Record<string, string>>;
  /** JSON pointer into `data`; "" for all of it. */
  readonly result: string;
  /** The status of an answer whose result is null, without errors. */
  readonly nullStatus: number;
}

export type SoapVersion = '1.1' | '1.2';

export interface SoapTranslationPolicy extends WholeAnswerPolicy {
  readonly version: SoapVersion;
  /** By operation id. */
  readonly operations: Readonly<Record<string, SoapOperationPolicy>>;
  /** The status of a fault by its code or subcode, or the name of the element in its detail, beside the usual ones. */
  readonly faultStatuses: Readonly<Record<string, number>>;
}

export interface SoapOperationPolicy {
  /** SOAPAction, or the parameter `action` of SOAP 1.2. */
  readonly action: string;
  /** XML with `${path.NAME}`, `${query.NAME}` and `${body/json/pointer}` in texts and attribute values. */
  readonly envelope: string;
  /** Names of elements below Body, as "GetRateResponse/Rate". */
  readonly result: string;
  /** Elements that are lists however many there are, by their path below the result. */
  readonly lists: readonly string[];
  /** Elements that are numbers in JSON; all are texts otherwise. */
  readonly numbers: readonly string[];
  readonly booleans: readonly string[];
  readonly nullStatus: number;
}

/** gRPC's own bound for messages that come in. */
export const DEFAULT_MESSAGE_BYTES = 4_194_304;
