import type { ProcessKind, ReportedSetting } from '#domain';
import { deleteProcess, writeProcess } from '#persistence';
import type { ServiceContext } from '../context.js';

/** What a process says of itself. */
export interface ProcessSelf {
  readonly kind: ProcessKind;
  readonly name: string;
  readonly softwareVersion: string;
  readonly nodeVersion: string;
  readonly hostName: string;
  readonly startedAt: Date;
  readonly settings: readonly ReportedSetting[];
}

/** Writes down that a process runs; with its settings at the first time, or when they were forgotten meanwhile. */
export function reportProcess(
  context: ServiceContext,
  process: ProcessSelf,
  first: { readonly isFirst: boolean },
): Promise<void> {
  const row = { ...process, heartbeatAt: context.clock.now() };
  return context.unitOfWork.inSystem((transaction) => writeProcess(transaction, row, first));
}

/** Writes down that a process has stopped, as it should. */
export function forgetProcess(context: ServiceContext, process: ProcessSelf): Promise<void> {
  return context.unitOfWork.inSystem((transaction) => deleteProcess(transaction, process));
}
