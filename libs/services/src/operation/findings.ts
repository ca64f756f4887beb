import type { KnownGateway, OutboxOfQueue, QuarantineGroup, WorkerRow } from '#persistence';

/** A worker or a gateway that was not heard of for this long may be down; either says something every few seconds. */
export const SILENT_AFTER_MS = 15_000;
const USAGE_LATE_MS = 300_000;
const JOB_LATE_MS = 1_800_000;
const WAITING_JOBS_MANY = 1_000;
const WEBHOOK_LATE_MS = 900_000;
const PROOF_LATE_MS = 36 * 3_600_000;
/** Whoever has more of them begins with these. */
const MOST_FINDINGS = 100;

/** What there is to be looked at of an installation, at one instant. */
export interface InstallationState {
  readonly nowMs: number;
  /** Of the process that looks. */
  readonly softwareVersion: string;
  readonly gateways: readonly KnownGateway[];
  /** The oldest first. */
  readonly workers: readonly WorkerRow[];
  /** Jobs of each queue that are not done. */
  readonly queues: readonly OutboxOfQueue[];
  readonly keptAside: readonly Pick<QuarantineGroup, 'gatewayId' | 'reason' | 'count'>[];
  /** Newest first; those that run have no result yet. */
  readonly proofs: readonly { readonly day: string; readonly startedAt: Date; readonly ok: boolean | null }[];
  readonly heldPeriods: readonly { readonly reason: string; readonly count: number }[];
  readonly failingDunning: number;
  readonly oldestWebhookMs: number;
  /** Messages of the payment provider that could not be acted on. */
  readonly failedMessages: number;
  /** Mails that were given up. */
  readonly undeliveredMails: number;
}

/** Something that an operator must look at. */
export interface Finding {
  readonly code: string;
  /** `critical`: usage or money waits, or calls fail, until somebody acts. */
  readonly severity: 'critical' | 'warning';
  readonly title: string;
  readonly detail: string;
  /** The alert that says the same, under whose name the runbook says what to do; null where there is none. */
  readonly alert: string | null;
}

/**
 * What is wrong with an installation, the worst first: what the alerts say, as far as the database knows it; nothing when all
 * is well, and a hundred at most. A pure function of the state.
 */
export function findingsOf(state: InstallationState): Finding[] {
  const found = rules.flatMap((rule) => rule(state));
  return found
    .toSorted((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'))
    .slice(0, MOST_FINDINGS);
}

type Rule = (state: InstallationState) => Finding[];

const rules: readonly Rule[] = [
  ({ workers, nowMs }) => {
    if (workers.some(({ heartbeatAt }) => !isSilent(heartbeatAt, nowMs))) return [];
    const detail =
      workers.length === 0
        ? 'No worker was heard of: usage stays in the journals, and nothing is billed or mailed. Start one (npm run start:worker).'
        : `The last one was heard of ${spanOf(nowMs - latest(workers))} ago: usage stays in the journals, and nothing is billed or mailed.`;
    return [{ code: 'no_worker', severity: 'critical', title: 'No worker runs', detail, alert: 'TollgateWorkerDown' }];
  },
  ({ workers, nowMs }) => {
    const silent = workers.filter(({ heartbeatAt }) => isSilent(heartbeatAt, nowMs));
    if (silent.length === 0 || silent.length === workers.length) return [];
    return silent.map(({ id, heartbeatAt }) => ({
      code: 'worker_silent',
      severity: 'warning',
      title: `Worker ${id} is silent`,
      detail: `It was last heard of ${spanOf(nowMs - heartbeatAt.getTime())} ago. Others go on with its jobs.`,
      alert: 'TollgateWorkerDown',
    }));
  },
  ({ gateways, nowMs }) => {
    const running = gateways.filter(({ isRunning }) => isRunning);
    if (running.some(({ heartbeatAt }) => !isSilent(heartbeatAt, nowMs))) return [];
    return [
      {
        code: 'no_gateway',
        severity: 'critical',
        title: 'No gateway runs',
        detail:
          running.length === 0
            ? 'None has reported, or all have stopped: calls are not served. Start one (npm run start:gateway).'
            : `${counted(running.length, 'gateway')} should run; the last one was heard of ${spanOf(nowMs - latest(running))} ago.`,
        alert: 'TollgateGatewayDown',
      },
    ];
  },
  ({ gateways, nowMs }) =>
    gateways
      .filter(({ isRunning, heartbeatAt }) => isRunning && isSilent(heartbeatAt, nowMs))
      .map(({ id, heartbeatAt }) => ({
        code: 'gateway_silent',
        severity: 'warning',
        title: `Gateway ${id} is silent`,
        detail: `It was last heard of ${spanOf(nowMs - heartbeatAt.getTime())} ago. Periods do not close while its usage may be missing.`,
        alert: 'TollgateGatewayDown',
      })),
  ({ gateways, nowMs }) =>
    gateways
      .filter((gateway) => {
        const waits = gateway.sealedSegment > gateway.ledgerSegment;
        return waits && nowMs - gateway.admittedThrough.getTime() > USAGE_LATE_MS;
      })
      .map(({ id, sealedSegment, ledgerSegment, admittedThrough }) => ({
        code: 'usage_not_shipped',
        severity: 'critical',
        title: `Usage of gateway ${id} does not arrive`,
        detail: `${counted(sealedSegment - ledgerSegment, 'segment')} of its journal ${sealedSegment - ledgerSegment === 1 ? 'is' : 'are'} not in the ledger, since ${spanOf(nowMs - admittedThrough.getTime())}.`,
        alert: 'TollgateUsageNotShipped',
      })),
  ({ queues, nowMs }) =>
    queues
      .filter(({ oldestAt }) => nowMs - oldestAt.getTime() > JOB_LATE_MS)
      .map(({ queue, oldestAt }) => ({
        code: 'job_never_done',
        severity: 'critical',
        title: `A job of the queue ${queue} is not done`,
        detail: `It waits for ${spanOf(nowMs - oldestAt.getTime())}. The log of the workers says why its tries fail.`,
        alert: 'TollgateJobsNeverDone',
      })),
  ({ queues }) => {
    const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
    if (waiting <= WAITING_JOBS_MANY) return [];
    return [
      {
        code: 'outbox_grows',
        severity: 'warning',
        title: 'Jobs are not handed to the queue',
        detail: `${waiting} wait. Is the queue's database reachable for the workers?`,
        alert: 'TollgateOutboxGrows',
      },
    ];
  },
  ({ keptAside }) =>
    keptAside.map(({ gatewayId, reason, count }) => ({
      code: 'usage_kept_aside',
      severity: 'warning',
      title: `${counted(count, 'usage event')} of ${gatewayId} ${count === 1 ? 'is' : 'are'} kept aside`,
      detail: `Reason: ${reason.replaceAll('_', ' ')}. Nothing of them is counted until somebody decides (tollgate quarantine).`,
      alert: 'TollgateUsageKeptAside',
    })),
  ({ proofs }) => {
    const last = proofs.find(({ ok }) => ok !== null);
    if (!last || last.ok) return [];
    return [
      {
        code: 'ledger_differs',
        severity: 'critical',
        title: `The ledger of ${last.day} does not agree`,
        detail: 'The nightly proof found a difference. The finance page names the first row.',
        alert: 'TollgateLedgerDiffers',
      },
    ];
  },
  ({ proofs, workers, nowMs }) => {
    // Nobody has proven anything before the first worker has run for a night.
    const since = proofs.find(({ ok }) => ok !== null)?.startedAt ?? workers[0]?.startedAt;
    if (since === undefined || nowMs - since.getTime() <= PROOF_LATE_MS) return [];
    return [
      {
        code: 'ledger_not_proven',
        severity: 'warning',
        title: 'The ledger was not proven lately',
        detail: `The nightly proof has not ended for ${spanOf(nowMs - since.getTime())}. The log of the workers says why.`,
        alert: 'TollgateLedgerNotProven',
      },
    ];
  },
  ({ heldPeriods }) =>
    heldPeriods.map(({ reason, count }) => ({
      code: 'periods_held',
      severity: 'warning',
      title: `${counted(count, 'period')} cannot be closed`,
      detail: reason,
      alert: 'TollgatePeriodsHeld',
    })),
  ({ failingDunning }) =>
    failingDunning === 0
      ? []
      : [
          {
            code: 'dunning_fails',
            severity: 'warning',
            title: 'Dunning fails',
            detail: `${counted(failingDunning, 'step')} could not be done and ${failingDunning === 1 ? 'is' : 'are'} tried again.`,
            alert: 'TollgateDunningFails',
          },
        ],
  ({ oldestWebhookMs }) =>
    oldestWebhookMs <= WEBHOOK_LATE_MS
      ? []
      : [
          {
            code: 'webhooks_late',
            severity: 'warning',
            title: 'Webhooks to organizations are late',
            detail: `The oldest waits for ${spanOf(oldestWebhookMs)}.`,
            alert: 'TollgateWebhooksLate',
          },
        ],
  ({ failedMessages }) =>
    failedMessages === 0
      ? []
      : [
          {
            code: 'messages_failed',
            severity: 'warning',
            title: `${counted(failedMessages, 'message')} of the payment provider could not be acted on`,
            detail: 'The list of webhooks below says which, and why.',
            alert: null,
          },
        ],
  ({ undeliveredMails }) =>
    undeliveredMails === 0
      ? []
      : [
          {
            code: 'mails_undelivered',
            severity: 'warning',
            title: `${counted(undeliveredMails, 'mail')} could not be delivered`,
            detail: 'Operator → Queues says which, and why; there they are sent again, or forgotten.',
            alert: 'TollgateJobsGivenUp',
          },
        ],
  ({ softwareVersion, gateways, workers, nowMs }) => {
    const running = [...gateways.filter(({ isRunning }) => isRunning), ...workers];
    const others = running.filter(
      (process) => !isSilent(process.heartbeatAt, nowMs) && (process.softwareVersion ?? 'unknown') !== softwareVersion,
    );
    return others.map(({ id, softwareVersion: other }) => ({
      code: 'version_differs',
      severity: 'warning',
      title: `${id} runs another version`,
      detail: `It is of version ${other ?? 'unknown'}, the control plane of ${softwareVersion}. That is fine during an upgrade, and should end with it.`,
      alert: null,
    }));
  },
];

function isSilent(heartbeatAt: Date, nowMs: number): boolean {
  return nowMs - heartbeatAt.getTime() > SILENT_AFTER_MS;
}

function latest(processes: readonly { readonly heartbeatAt: Date }[]): number {
  return Math.max(...processes.map(({ heartbeatAt }) => heartbeatAt.getTime()));
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "40 s", "7 min", "3 h", "5 days". */
function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
