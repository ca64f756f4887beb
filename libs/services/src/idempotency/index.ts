export {
  type IdempotencyOutcome,
  type IdempotentAnswer,
  type IdempotentRequest,
  RequestUnderWayError,
  answerIdempotentRequest,
  claimIdempotentRequest,
  releaseIdempotentRequest,
} from './idempotent-request.js';
