import type { IncomingHttpHeaders } from 'node:http';
import { type GrpcStatus, MalformedAnswerError, statusIn, statusOfHttp } from '#translation';
import type { UpstreamProblem } from '../upstream-problem.js';

const GRPC_TYPE = /^application\/grpc(?:\+proto)?[ \t]*(?:;|$)/i;

/** A status that is not OK, as the client is told of it. */
export function grpcProblem({ code, name, httpStatus, message }: GrpcStatus): UpstreamProblem {
  const detail = message === '' ? `The API answered with the gRPC status ${name}.` : message;
  return { status: httpStatus, code: 'grpc_error', detail, members: { grpc: { code, status: name, message } } };
}

/**
 * The status that the head of an answer tells already: that of an answer without messages, or of one that is no gRPC, as those of
 * proxies on the way. Null for the head of an answer with messages.
 * @throws MalformedAnswerError for a success that is no gRPC
 */
export function statusOfHead(httpStatus: number, headers: IncomingHttpHeaders): GrpcStatus | null {
  const isGrpc = GRPC_TYPE.test(headers['content-type'] ?? '');
  if (isGrpc) return statusIn(headers) ?? (httpStatus === 200 ? null : statusOfHttp(httpStatus));
  if (httpStatus >= 200 && httpStatus < 300)
    throw new MalformedAnswerError(`the answer is no gRPC, but ${headers['content-type'] ?? 'without a content type'}`);
  return statusOfHttp(httpStatus);
}

/** @throws MalformedAnswerError where the trailers have no status: the answer is not complete then */
export function statusOfEnd(trailers: IncomingHttpHeaders): GrpcStatus {
  const status = statusIn(trailers);
  if (status === null) throw new MalformedAnswerError('the answer ended without a grpc-status');
  return status;
}
