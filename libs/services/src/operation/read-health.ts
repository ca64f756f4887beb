import {
  type OutboxOfQueue,
  type WorkerRow,
  countFailedMessages,
  countFailingDunning,
  countHoldReasons,
  countQuarantined,
  countUndeliveredMails,
  findOldestDueWebhook,
  listGatewayStandings,
  listLedgerProofs,
  listWorkers,
  readOutbox,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Finding, SILENT_AFTER_MS, findingsOf } from './findings.js';

/** A day, and the samples of earlier ones that are proven beside it. */
const NEWEST_PROOFS = 10;

export interface InstallationHealth {
  readonly findings: readonly Finding[];
  readonly workers: readonly (WorkerRow & { readonly isSilent: boolean })[];
  readonly queues: readonly OutboxOfQueue[];
}

/** What is wrong with the installation, the worst first, and what runs behind the scenes; for operators. */
export function readInstallationHealth(context: ServiceContext, softwareVersion: string): Promise<InstallationHealth> {
  const now = context.clock.now();
  const nowMs = now.getTime();
  return context.unitOfWork.inSystem(async (transaction) => {
    const workers = await listWorkers(transaction);
    const queues = await readOutbox(transaction);
    const oldestWebhookAt = await findOldestDueWebhook(transaction, now);
    const findings = findingsOf({
      nowMs,
      softwareVersion,
      gateways: await listGatewayStandings(transaction),
      workers,
      queues,
      keptAside: await countQuarantined(transaction, {}),
      proofs: await listLedgerProofs(transaction, { limit: NEWEST_PROOFS }),
      heldPeriods: await countHoldReasons(transaction, null),
      failingDunning: await countFailingDunning(transaction),
      oldestWebhookMs: oldestWebhookAt === null ? 0 : nowMs - oldestWebhookAt.getTime(),
      failedMessages: await countFailedMessages(transaction),
      undeliveredMails: await countUndeliveredMails(transaction),
    });
    const isSilent = ({ heartbeatAt }: WorkerRow) => nowMs - heartbeatAt.getTime() > SILENT_AFTER_MS;
    return { findings, workers: workers.map((worker) => ({ ...worker, isSilent: isSilent(worker) })), queues };
  });
}
