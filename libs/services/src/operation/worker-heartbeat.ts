import { deleteWorker, writeWorkerHeartbeat } from '#persistence';
import type { ServiceContext } from '../context.js';

/** A worker that was not heard of for this long is not told of any more. */
const FORGOTTEN_AFTER_MS = 3_600_000;

export interface WorkerHeartbeat {
  readonly id: string;
  readonly softwareVersion: string;
  readonly startedAt: Date;
}

/** Writes down that a worker runs. */
export function reportWorker(context: ServiceContext, worker: WorkerHeartbeat): Promise<void> {
  const heartbeatAt = context.clock.now();
  const forgetBefore = new Date(heartbeatAt.getTime() - FORGOTTEN_AFTER_MS);
  return context.unitOfWork.inSystem((transaction) =>
    writeWorkerHeartbeat(transaction, { ...worker, heartbeatAt }, forgetBefore),
  );
}

/** Writes down that a worker has stopped, as it should. */
export function forgetWorker(context: ServiceContext, id: string): Promise<void> {
  return context.unitOfWork.inSystem((transaction) => deleteWorker(transaction, id));
}
