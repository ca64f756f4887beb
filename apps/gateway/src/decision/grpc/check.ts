import { canonicalAddress } from '#domain';
import type { DecisionWaiter } from '../decide.js';
import type { DescribedCall } from '../described-call.js';
import { SECRET_FIELD } from '../door-secret.js';
import {
  type CheckRequestMessage,
  type CheckResponseMessage,
  type HeaderValueOption,
  type HttpRequestMessage,
  numberOf,
} from './envoy-messages.js';

/** Of google.rpc.Code. */
const OK = 0;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** Where in the dynamic metadata of a call its ticket is, for the access log to hand back. */
export const TICKET_FIELD = 'tollgate-ticket';

/** By gRPC, Envoy takes parameters out of the query, but not another path. */
const abilities = { takesAddress: false, removesParameters: true };

/** The call of which Envoy asks (ext_authz, gRPC); null when the question is about no HTTP request. */
export function readCheck({ attributes }: CheckRequestMessage): DescribedCall | null {
  const http = attributes?.request?.http;
  const clientAddress = canonicalAddress(attributes?.source?.address?.socket_address?.address ?? '');
  if (!http || clientAddress === null) return null;
  return {
    method: http.method,
    target: http.path,
    rawHeaders: fieldsOf(http),
    clientAddress,
    scheme: http.scheme === 'https' ? 'https' : 'http',
    abilities,
  };
}

/** Without pseudo-header fields; a length that Envoy knows counts as declared. */
function fieldsOf({ headers, header_map: map, host, size }: HttpRequestMessage): string[] {
  const fields: string[] = ['host', host];
  const raw = map?.headers ?? [];
  const pairs: Iterable<readonly [string, string]> =
    raw.length > 0
      ? raw.map(({ key, raw_value: value }) => [key, Buffer.from(value ?? []).toString('latin1')] as const)
      : Object.entries(headers);
  let hasLength = false;
  for (const [key, value] of pairs) {
    const name = key.toLowerCase();
    if (name.startsWith(':') || name === 'host' || name === SECRET_FIELD) continue;
    hasLength ||= name === 'content-length';
    fields.push(name, value);
  }
  const length = numberOf(size);
  if (!hasLength && length > 0) fields.push('content-length', String(length));
  return fields;
}

/** Answers a question by gRPC. */
export function checkWaiter(answer: (response: CheckResponseMessage) => void): DecisionWaiter {
  return {
    onAllowed({ ticket, upstreamFields, removedFields, removedParameters, clientFields }) {
      answer({
        status: { code: OK },
        ok_response: {
          headers: optionsOf(upstreamFields),
          headers_to_remove: removedFields,
          response_headers_to_add: optionsOf(clientFields),
          query_parameters_to_remove: removedParameters,
        },
        dynamic_metadata: { fields: { [TICKET_FIELD]: { string_value: ticket } } },
      });
    },
    onAnswered({ status, fields, body }) {
      answer({
        status: { code: status === 401 ? UNAUTHENTICATED : PERMISSION_DENIED },
        denied_response: { status: { code: status }, headers: optionsOf(fields), body },
      });
    },
  };
}

/** In the place of what is there; of several of one name, those behind the first beside it. */
function optionsOf(fields: readonly string[]): HeaderValueOption[] {
  const options: HeaderValueOption[] = [];
  const names = new Set<string>();
  for (let index = 0; index < fields.length; index += 2) {
    const key = fields[index]!;
    options.push({ header: { key, value: fields[index + 1]! }, append: { value: names.has(key) } });
    names.add(key);
  }
  return options;
}
