import { type ProblemMembers, problemDocument } from '../responses/refusal.js';
import type { RestAnswer } from './whole-answer-reader.js';

/** What went wrong in the upstream, as its own protocol says it. */
export interface UpstreamProblem {
  readonly status: number;
  /** Stable and public. */
  readonly code: 'grpc_error' | 'graphql_error' | 'soap_fault';
  readonly detail: string;
  readonly members: ProblemMembers;
}

/** The problem document (RFC 9457) that stands for it. */
export function problemText({ status, code, detail, members }: UpstreamProblem, requestId: string): string {
  return problemDocument({ status, code, detail, reason: code, headers: [] }, requestId, members);
}

/** The answer that the client gets of it. */
export function problemAnswer(problem: UpstreamProblem, requestId: string): RestAnswer {
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  return { status: problem.status, headers, body: Buffer.from(problemText(problem, requestId)) };
}
