import type { Exchange } from '../exchange.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import { checkedBodyBound } from './validate-request.js';
import { parseJson } from '../transformation/json-text.js';

/** A request body that was read before the request was admitted, as a policy needs all of it. */
export interface RequestContent {
  /** As the client sent it, after transfer decoding: what is metered. */
  readonly receivedBytes: number;
  /** What the upstream gets. */
  bytes: Buffer;
  /** The parsed body; `undefined` when it is no JSON. */
  readonly json: unknown;
}

export type ContentVerdict = 'read' | 'too_large' | 'client_gone';

/** Told once, when the body is there or will not come. */
export interface ContentWaiter {
  onContent(verdict: ContentVerdict): void;
}

const JSON_TYPE = /^application\/(?:[a-z0-9.!#$&^_-]+\+)?json[ \t]*(?:;|$)/i;

/** True for a media type whose text is JSON (RFC 8259, RFC 6839). */
export function isJsonType(contentType: string | null): boolean {
  return contentType !== null && JSON_TYPE.test(contentType.trimStart());
}

/** How many bytes of the request's body must be read before it is admitted; null when none need be. */
export function contentBound(exchange: Exchange, operation: OperationEntry): number | null {
  if (!exchange.head.hasBody) return null;
  const { checks, maxBodyBytes } = operation.version;
  const forChecks = checks === null ? null : checkedBodyBound(checks, exchange);
  const forChanges = changedBodyBound(exchange, operation);
  const forTranslation = operation.translation === null ? null : operation.translation.maxRequestBytes;
  if (forChecks === null && forChanges === null && forTranslation === null) return null;
  return Math.min(forChecks ?? Infinity, forChanges ?? Infinity, forTranslation ?? Infinity, maxBodyBytes);
}

/** How many bytes of a body are changed at most; null for one that is not changed. */
export function changedBodyBound({ head }: Exchange, { transformation }: OperationEntry): number | null {
  if (transformation === null || transformation.request === null) return null;
  const { bodies, maxBodyBytes } = transformation.request;
  if (bodies.length === 0 || !isJsonType(head.valueOf('content-type'))) return null;
  return head.hasContentCoding ? null : maxBodyBytes;
}

/**
 * Reads the body into `exchange.content`; at most `maxBytes` are kept. A client that waits for "100 Continue" gets it, as
 * its body is needed for the decision. The waiter is told at once of a body that came with its head.
 */
export function readContent(exchange: Exchange, maxBytes: number, waiter: ContentWaiter): void {
  const { request, wholeBody } = exchange;
  if (wholeBody !== null) {
    if (wholeBody.length > maxBytes) return waiter.onContent('too_large');
    exchange.content = contentOf(exchange, wholeBody);
    return waiter.onContent('read');
  }
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  const finish = (verdict: ContentVerdict): void => {
    request.off('data', onData);
    request.off('end', onEnd);
    exchange.clientGoneListener = null;
    waiter.onContent(verdict);
  };
  const onData = (chunk: Buffer): void => {
    receivedBytes += chunk.length;
    if (receivedBytes <= maxBytes) return void chunks.push(chunk);
    request.pause();
    finish('too_large');
  };
  const onEnd = (): void => {
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, receivedBytes);
    exchange.content = contentOf(exchange, bytes);
    finish('read');
  };
  exchange.clientGoneListener = { onClientGone: () => finish('client_gone') };
  if (exchange.isClientGone) return finish('client_gone');
  exchange.tellContinue();
  request.on('data', onData);
  request.on('end', onEnd);
}

function contentOf({ head }: Exchange, bytes: Buffer): RequestContent {
  const json = isJsonType(head.valueOf('content-type')) ? parseJson(bytes.toString('utf8')) : undefined;
  return { receivedBytes: bytes.length, bytes, json };
}
