import { EUROPEAN_UNION, TAX_ID_CHECKED_FOR_MS, type TaxIdRegister, TaxIdRegisterError, nextTryMs } from '#domain';
import { type TaxIdToAsk, appendToAuditLog, claimTaxIdsToAsk, postponeTaxId, saveTaxIdAnswer } from '#persistence';
import type { ServiceContext } from '../context.js';

/** As many as are asked about in a round, one after the other: registers refuse who asks at the same time. */
const BATCH = 20;
/** Longer than a round takes: who dies in it keeps nobody else from asking for longer. */
const CLAIM_MS = 15 * 60_000;

/** How a round of asking went. */
export interface AskedRegister {
  readonly registered: number;
  readonly unknown: number;
  /** Without an answer, to be asked about later. */
  readonly postponed: number;
  /** Why not, of the last of them. */
  readonly reason: string | null;
}

/**
 * Asks a register about the VAT numbers of the European Union that organizations have named and that nobody has asked about, or not for
 * 90 days. Nothing waits for it, and nothing is taxed otherwise by it: what is new is in the audit log, and finance sees it. Where a country
 * does not answer its numbers wait, each for longer from try to try. For a timer; safe to repeat, also at the same time.
 */
export async function askTaxIdRegister(context: ServiceContext, register: TaxIdRegister): Promise<AskedRegister> {
  const at = context.clock.now();
  const due = await context.unitOfWork.inSystem((transaction) =>
    claimTaxIdsToAsk(transaction, {
      countries: EUROPEAN_UNION,
      at,
      until: new Date(at.getTime() + CLAIM_MS),
      limit: BATCH,
    }),
  );
  const asked = { registered: 0, unknown: 0, postponed: 0, reason: null as string | null };
  const silent = new Map<string, string>();
  for (const taxId of due) {
    const reason = silent.get(taxId.country) ?? (await ask(context, register, taxId, asked));
    if (reason === null) continue;
    silent.set(taxId.country, reason);
    await postpone(context, taxId);
    asked.postponed += 1;
    asked.reason = reason;
  }
  return asked;
}

/** Null when it was answered; else why not. */
async function ask(
  context: ServiceContext,
  register: TaxIdRegister,
  taxId: TaxIdToAsk,
  asked: { registered: number; unknown: number },
): Promise<string | null> {
  const { organizationId, country, value } = taxId;
  try {
    const answer = await register.ask({ country, value });
    const state = answer.isRegistered ? 'registered' : 'unknown';
    const checkedAt = context.clock.now();
    await context.unitOfWork.inSystem(async (transaction) => {
      const askAt = new Date(checkedAt.getTime() + TAX_ID_CHECKED_FOR_MS);
      const before = await saveTaxIdAnswer(transaction, taxId, answer, { checkedAt, askAt });
      if (before === null || before === state) return;
      await appendToAuditLog(transaction, {
        id: context.ids.next(),
        organizationId,
        actor: { kind: 'system', id: null },
        action: state,
        noun: 'billing_details',
        nounId: organizationId,
        details: { taxId: value, ...answer },
        createdAt: checkedAt,
      });
    });
    asked[state] += 1;
    return null;
  } catch (error) {
    if (error instanceof TaxIdRegisterError) return error.message;
    throw error;
  }
}

function postpone(context: ServiceContext, taxId: TaxIdToAsk): Promise<void> {
  const askAt = new Date(context.clock.nowMs() + nextTryMs(taxId.tries + 1));
  return context.unitOfWork.inSystem((transaction) => postponeTaxId(transaction, taxId, askAt));
}
