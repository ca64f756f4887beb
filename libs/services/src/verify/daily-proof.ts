import type { PaymentProvider } from '#domain';
import {
  type Slice,
  type LedgerProofKind,
  type Transaction,
  appendToAuditLog,
  beginDailyProof,
  endDailyProof,
  findLongestUnproven,
  insertSampleProof,
  listLedgerProofs,
  listStaffAddresses,
  readUsageSpan,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';
import { verifyLedger } from './verify-ledger.js';
import { type CheckResult, type VerifyReport, listedDifferences } from './verify-report.js';

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

type ProofMail = Omit<WrittenMail, 'to'>;

/**
 * Proves the UTC day that ended last: once, however many workers ask and however often; null while there is nothing to
 * do. With a provider, what that has of the periods of the day is compared too. Of a difference finance and operators are told by mail, in the transaction that writes the result down.
 */
export async function proveEndedDay(
  context: ServiceContext,
  writeMail: (proof: LedgerProof) => ProofMail,
  provider?: PaymentProvider,
): Promise<LedgerProof | null> {
  const nowMs = context.clock.nowMs();
  const todayMs = nowMs - (nowMs % DAY_MS);
  if (nowMs - todayMs < SETTLED_AFTER_MS) return null;
  const startedAt = new Date(nowMs);
  const day = dayOf(todayMs - DAY_MS);
  const isOurs = await context.unitOfWork.inSystem((transaction) =>
    beginDailyProof(transaction, { day, startedAt, abandonedBefore: new Date(nowMs - ABANDONED_AFTER_MS) }),
  );
  if (!isOurs) return null;
  const proof = await prove(context, day, 'daily', startedAt, provider);
  await context.unitOfWork.inSystem(async (transaction) => {
    await endDailyProof(transaction, proof);
    if (!proof.ok) await raiseAlarm(context, transaction, proof, writeMail(proof));
  });
  return proof;
}

/**
 * Proves a day before this one again, as a sample: the one whose last proof is the longest ago, so that every day is
 * proven again and again. Null while the ledger has no such day. Tells as `proveEndedDay` does.
 */
export async function proveSampleDay(
  context: ServiceContext,
  before: string,
  writeMail: (proof: LedgerProof) => ProofMail,
): Promise<LedgerProof | null> {
  const day = await context.unitOfWork.inSystem(async (transaction) => {
    const span = await readUsageSpan(transaction);
    return span && findLongestUnproven(transaction, { from: dayOf(span.from.getTime()), before });
  });
  if (day === null) return null;
  const proof = await prove(context, day, 'sample', context.clock.now());
  await context.unitOfWork.inSystem(async (transaction) => {
    await insertSampleProof(transaction, proof);
    if (!proof.ok) await raiseAlarm(context, transaction, proof, writeMail(proof));
  });
  return proof;
}

/** What came of the proofs, the newest first, after a place in that order. */
export function listProofs(
  context: ServiceContext,
  slice: Slice<Pick<LedgerProof, 'startedAt' | 'day'>> = {},
): Promise<LedgerProof[]> {
  return context.unitOfWork.inSystem((transaction) => listLedgerProofs<readonly CheckResult[]>(transaction, slice));
}

async function prove(
  context: ServiceContext,
  day: string,
  kind: LedgerProofKind,
  startedAt: Date,
  provider?: PaymentProvider,
): Promise<LedgerProof & VerifyReport> {
  const from = new Date(`${day}T00:00:00Z`);
  const to = new Date(from.getTime() + DAY_MS);
  const report = await verifyLedger(context, { from, to, ...(provider && { provider }) });
  return { ...report, day, kind, startedAt, endedAt: context.clock.now() };
}

/** In the audit log, and by mail. */
async function raiseAlarm(
  context: ServiceContext,
  transaction: Transaction,
  { day, checks }: LedgerProof,
  mail: ProofMail,
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    actor: { kind: 'system', id: null },
    action: 'differs',
    noun: 'ledger_proof',
    nounId: day,
    details: { differences: (checks ?? []).flatMap(listedDifferences) },
    createdAt: context.clock.now(),
  });
  for (const to of await listStaffAddresses(transaction, ['finance', 'operator'])) {
    await sendMail(context, transaction, { to, ...mail });
  }
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
