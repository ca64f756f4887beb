import type { FastifyRequest } from 'fastify';
import { type SentRefusal, otlpRefusal } from '../telemetry/otlp-refusal.js';
import { isOtlpRequest } from '../telemetry/otlp-route.js';
import type { ProblemDocument } from './problem.schema.js';

/** A refusal in the form that who has sent the request reads: a problem document, or what the protocol of the route has for it. */
export function sentRefusal(problem: ProblemDocument, request: FastifyRequest): SentRefusal {
  if (isOtlpRequest(request)) return otlpRefusal(problem, request.headers['content-type']);
  return {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem),
  };
}
