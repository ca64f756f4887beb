import type { ValidationPolicy } from '#domain';
import type { OperationValidator, RequestParts, RequestValidators, Violation } from '#openapi';
import type { Exchange } from '../exchange.js';
import type { RequestHead } from '../request-head.js';

/** How the requests of a version are checked, made once when the snapshot loads. */
export interface RequestChecks {
  readonly policy: ValidationPolicy;
  readonly validators: RequestValidators;
}

const nothing: readonly Violation[] = [];

/** How many bytes of the body must be read for its check; null when none need be, or it only may be and is too long. */
export function checkedBodyBound({ policy, validators }: RequestChecks, { head, operation }: Exchange): number | null {
  if (!policy.body || validators.of(operation!.operation)?.describesBody !== true) return null;
  const mayPass = policy.mode === 'report' && (head.isChunked || head.contentLength > policy.maxBodyBytes);
  return mayPass ? null : policy.maxBodyBytes;
}

/** In what the request does not fit its document. The body is read already, when it is to be checked. */
export function violationsOf({ policy, validators }: RequestChecks, exchange: Exchange): readonly Violation[] {
  const validator = validators.of(exchange.operation!.operation);
  if (validator === null) return nothing;
  const ofParameters = policy.parameters ? validator.checkParameters(partsOf(exchange)) : nothing;
  const ofBody = policy.body ? bodyViolations(validator, exchange) : nothing;
  return ofBody.length === 0 ? ofParameters : [...ofParameters, ...ofBody];
}

/** The same, but of path, query and header fields only. */
export function parameterViolations({ policy, validators }: RequestChecks, exchange: Exchange): readonly Violation[] {
  const validator = validators.of(exchange.operation!.operation);
  return validator === null || !policy.parameters ? nothing : validator.checkParameters(partsOf(exchange));
}

/** True when a body of the request would have to fit the document before the request may pass. */
export function needsBody({ policy, validators }: RequestChecks, { operation }: Exchange): boolean {
  return policy.mode === 'enforce' && policy.body && validators.of(operation!.operation)?.describesBody === true;
}

/** True for a body that must fit the document, and cannot be read as it is encoded: nobody knows what is in it. */
export function isUnreadable({ policy, validators }: RequestChecks, { head, operation }: Exchange): boolean {
  if (policy.mode !== 'enforce' || !policy.body || !head.hasBody || !head.hasContentCoding) return false;
  return validators.of(operation!.operation)?.looksInto(head.valueOf('content-type')) === true;
}

function bodyViolations(validator: OperationValidator, { head, content }: Exchange): readonly Violation[] {
  if (!head.hasBody) return validator.checkBody(null);
  if (content === null) return nothing;
  const contentType = head.valueOf('content-type');
  if (head.hasContentCoding && validator.looksInto(contentType)) return nothing;
  return validator.checkBody({ contentType, bytes: content.bytes });
}

function partsOf({ path, query, head, operation }: Exchange): RequestParts {
  const { version, pathParameters } = operation!;
  return {
    pathParameters: pathParameters.valuesIn(version.basePath === '/' ? path : path.slice(version.basePath.length)),
    query: query.slice(1),
    header: (name) => joinedField(head, name),
  };
}

/** All values of a field, as one (RFC 9110 §5.3); cookies are joined as RFC 6265 has them. */
function joinedField({ rawHeaders }: RequestHead, lowerCaseName: string): string | null {
  let joined: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() !== lowerCaseName) continue;
    const value = rawHeaders[index + 1]!;
    joined = joined === null ? value : `${joined}${lowerCaseName === 'cookie' ? ';' : ','} ${value}`;
  }
  return joined;
}
