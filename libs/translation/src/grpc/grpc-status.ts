/** The codes of gRPC (google.rpc.Code) with the status of HTTP that google/rpc/code.proto has for each. */
const CODES = [
  ['OK', 200],
  ['CANCELLED', 499],
  ['UNKNOWN', 500],
  ['INVALID_ARGUMENT', 400],
  ['DEADLINE_EXCEEDED', 504],
  ['NOT_FOUND', 404],
  ['ALREADY_EXISTS', 409],
  ['PERMISSION_DENIED', 403],
  ['RESOURCE_EXHAUSTED', 429],
  ['FAILED_PRECONDITION', 400],
  ['ABORTED', 409],
  ['OUT_OF_RANGE', 400],
  ['UNIMPLEMENTED', 501],
  ['INTERNAL', 500],
  ['UNAVAILABLE', 503],
  ['DATA_LOSS', 500],
  ['UNAUTHENTICATED', 401],
] as const;

const UNKNOWN = 2;

/** Codes for answers that say no status of gRPC: "HTTP to gRPC Status Code Mapping" of the gRPC documentation. */
const CODES_BY_HTTP: ReadonlyMap<number, number> = new Map([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);

/** How a call has ended. */
export interface GrpcStatus {
  /** 0 to 16; what is none of them counts as UNKNOWN. */
  readonly code: number;
  readonly name: (typeof CODES)[number][0];
  /** The status of HTTP for it. */
  readonly httpStatus: number;
  /** What the server says of it; maybe empty. */
  readonly message: string;
}

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the trailers of an answer, or its head where that is all, say; null when they say nothing. */
export function statusIn(fields: Fields): GrpcStatus | null {
  const code = fieldOf(fields, 'grpc-status');
  if (code === undefined) return null;
  return statusOf(
    /^(?:\d|1[0-6])$/.test(code) ? Number(code) : UNKNOWN,
    decoded(fieldOf(fields, 'grpc-message') ?? ''),
  );
}

/** What an answer means that is no gRPC, as those of proxies on the way. */
export function statusOfHttp(httpStatus: number): GrpcStatus {
  return statusOf(CODES_BY_HTTP.get(httpStatus) ?? UNKNOWN, '');
}

function statusOf(code: number, message: string): GrpcStatus {
  const [name, httpStatus] = CODES[code]!;
  return { code, name, httpStatus, message };
}

function fieldOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'object' ? value[0] : value;
}

/** Percent-encoded UTF-8; what is wrongly encoded stays as it is, as the specification wants it. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
