import { TollgateError } from '#domain';

/** The queue could not be reached, or did not answer in time; whether the job was added is then not known. */
export class QueueUnavailableError extends TollgateError {
  override readonly kind = 'unavailable';

  constructor(queue: string, cause: unknown) {
    super('queue_unavailable', `The queue ${queue} does not answer. Check QUEUE_URL and that its server runs.`, {
      cause,
    });
  }
}

/** A processor throws it to give a job up at once: trying again is no use. */
export class JobRefusedError extends TollgateError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('job_refused', message, options);
  }
}
