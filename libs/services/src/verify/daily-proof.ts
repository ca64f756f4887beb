import {
  type LedgerProofKind,
  beginDailyProof,
  endDailyProof,
  insertSampleProof,
  listLedgerProofs,
  listStaffAddresses,
  readUsageSpan,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import { verifyLedger } from './verify-ledger.js';
import type { CheckResult, VerifyReport } from './verify-report.js';

const DAY_MS = 86_400_000;
/** So long after a day has ended, its last segments are in the ledger or are a case for an alarm. */
const SETTLED_AFTER_MS = 60 * 60_000;
/** A proof that takes longer was left by a process that is gone. */
const ABANDONED_AFTER_MS = 6 * 60 * 60_000;

/** A day of the ledger that was proven, or is being proven while the last three are null. */
export interface LedgerProof {
  readonly day: string;
  readonly kind: LedgerProofKind;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly ok: boolean | null;
  readonly checks: readonly CheckResult[] | null;
}

export interface ProofMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * Proves the UTC day that ended last, once, however many workers ask and however often, and one earlier day as a sample,
 * another each night, so that every day is proven again and again. Returns what was proven: nothing while there is
 * nothing to do. Of a difference finance and operators are told by mail, and whoever reads the metrics.
 */
export async function proveLedgerDaily(
  context: ServiceContext,
  writeMail: (proof: LedgerProof) => ProofMail,
): Promise<readonly LedgerProof[]> {
  const nowMs = context.clock.nowMs();
  const todayMs = nowMs - (nowMs % DAY_MS);
  if (nowMs - todayMs < SETTLED_AFTER_MS) return [];
  const startedAt = new Date(nowMs);
  const day = dayOf(todayMs - DAY_MS);
  const isOurs = await context.unitOfWork.inSystem((transaction) =>
    beginDailyProof(transaction, { day, startedAt, abandonedBefore: new Date(nowMs - ABANDONED_AFTER_MS) }),
  );
  if (!isOurs) return [];
  const daily = await prove(context, day, 'daily', startedAt);
  await context.unitOfWork.inSystem((transaction) => endDailyProof(transaction, daily));
  const proofs = [daily];
  const sampleDay = await pickSample(context, todayMs - DAY_MS);
  if (sampleDay !== null) {
    const sample = await prove(context, sampleDay, 'sample', context.clock.now());
    await context.unitOfWork.inSystem((transaction) => insertSampleProof(transaction, sample));
    proofs.push(sample);
  }
  for (const proof of proofs) if (!proof.ok) await tellStaff(context, writeMail(proof));
  return proofs;
}

/** What came of the latest proofs, the newest first. */
export function latestProofs(context: ServiceContext, limit = 14): Promise<LedgerProof[]> {
  return context.unitOfWork.inSystem((transaction) => listLedgerProofs<readonly CheckResult[]>(transaction, limit));
}

async function prove(
  context: ServiceContext,
  day: string,
  kind: LedgerProofKind,
  startedAt: Date,
): Promise<LedgerProof & VerifyReport> {
  const from = new Date(`${day}T00:00:00Z`);
  const report = await verifyLedger(context, { from, to: new Date(from.getTime() + DAY_MS) });
  return { ...report, day, kind, startedAt, endedAt: context.clock.now() };
}

/** An earlier day of usage; which one goes round with the days. Null while there is none. */
async function pickSample(context: ServiceContext, lastMs: number): Promise<string | null> {
  const span = await context.unitOfWork.inSystem(readUsageSpan);
  if (!span) return null;
  const firstMs = span.from.getTime() - (span.from.getTime() % DAY_MS);
  const days = Math.round((lastMs - firstMs) / DAY_MS);
  return days < 1 ? null : dayOf(firstMs + ((lastMs / DAY_MS) % days) * DAY_MS);
}

async function tellStaff(context: ServiceContext, mail: ProofMail): Promise<void> {
  await context.unitOfWork.inSystem(async (transaction) => {
    for (const to of await listStaffAddresses(transaction, ['finance', 'operator'])) {
      await sendMail(context, transaction, { to, ...mail });
    }
  });
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
