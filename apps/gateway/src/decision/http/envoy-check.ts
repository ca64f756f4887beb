import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TrustedForwarding } from '../../peer/peer.js';
import { peerOf } from '../../peer/peer.js';
import { readForwarding } from '../../peer/client-address.js';
import type { DecisionWaiter } from '../decide.js';
import type { DescribedCall } from '../described-call.js';
import { callersFields, soleField } from './check-fields.js';

/** The `path_prefix` of Envoy's ext_authz filter. */
export const ENVOY_PREFIX = '/envoy';

/** Envoy's HTTP mode can set and remove fields, and nothing else. */
const abilities = { takesAddress: false, removesParameters: false };

/**
 * The call of which Envoy asks (ext_authz, HTTP mode): the question has its method, its host, its path behind the prefix, and
 * those of its fields that `allowed_headers` names. Where the call comes from, Envoy says as for any upstream.
 */
export function readEnvoyCheck(request: IncomingMessage, { proxies }: TrustedForwarding): DescribedCall {
  const target = request.url!.slice(ENVOY_PREFIX.length);
  const { address, forwardedFor } = peerOf(request.socket, { proxies, header: 'x-forwarded-for' });
  // Envoy itself is trusted: it was let in.
  const envoy = {
    address,
    forwardedFor,
    scheme: 'http' as const,
    forwarding: { proxies, header: 'x-forwarded-for' as const },
  };
  const { clientAddress, scheme } = readForwarding(envoy, request.rawHeaders, soleField(request.rawHeaders, 'host'));
  return {
    method: request.method!,
    target: target === '' ? '/' : target,
    rawHeaders: callersFields(request.rawHeaders),
    clientAddress,
    scheme,
    abilities,
  };
}

/** Answers as Envoy's HTTP mode reads it: 200 lets the call pass, everything else is the caller's answer. */
export function envoyWaiter(response: ServerResponse): DecisionWaiter {
  return {
    onAllowed({ ticket, upstreamFields, removedFields, clientFields }) {
      const fields = [...upstreamFields, ...clientFields, 'tollgate-ticket', ticket];
      fields.push('x-envoy-auth-headers-to-remove', removedFields.join(','), 'content-length', '0');
      response.writeHead(200, fields).end();
    },
    onAnswered({ status, fields, body }) {
      response.writeHead(status, [...fields, 'content-length', String(Buffer.byteLength(body))]).end(body);
    },
  };
}
