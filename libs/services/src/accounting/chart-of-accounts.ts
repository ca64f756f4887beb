import {
  ACCOUNTS,
  type Account,
  type AccountKind,
  type AccountMapping,
  InvalidError,
  NotFoundError,
  accountKeys,
} from '#domain';
import {
  type Actor,
  appendToAuditLog,
  deleteAccountMapping,
  listAccountMappings,
  lockAccountMappings,
  saveAccountMapping,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** An account as the books name it. */
export interface ChartedAccount {
  readonly account: Account;
  readonly kind: AccountKind;
  /** "product/plan" for what of the account is of one plan only; null for the rest. */
  readonly plan: string | null;
  readonly number: string;
  readonly name: string;
  /** Finance has named it. */
  readonly isMapped: boolean;
}

const MAX_NUMBER = 40;
const MAX_NAME = 120;

/** Every account with its number and name, and after it the plans that have others. */
export async function readChartOfAccounts({ unitOfWork }: ServiceContext): Promise<ChartedAccount[]> {
  return chartOf(await unitOfWork.inSystem(listAccountMappings));
}

function chartOf(mappings: readonly AccountMapping[]): ChartedAccount[] {
  return accountKeys.flatMap((account) => {
    const { kind, number, name } = ACCOUNTS[account];
    const own = mappings.filter((mapping) => mapping.account === account);
    const named = own.map((mapping) => ({ ...mapping, kind, isMapped: true }));
    return own.some(({ plan }) => plan === null)
      ? named
      : [{ account, kind, plan: null, number, name, isMapped: false }, ...named];
  });
}

export interface NameAccountInput {
  readonly account: string;
  /** "product/plan", or null for the account as a whole. */
  readonly plan: string | null;
  /** Null takes the name back. */
  readonly named: { readonly number: string; readonly name: string } | null;
  /** Looks at what is there, locked, which is null for a plan without a name of its own; throws to refuse the change. */
  readonly check?: (current: ChartedAccount | null) => void;
  readonly actor: Actor;
}

/**
 * Gives an account, or what of it is of one plan, the number and name of finance's own chart; for entries of the past too,
 * whenever they are exported from now on.
 * @throws NotFoundError `account_not_found`; InvalidError `account_name_invalid` that names the field, and what `check` throws
 */
export async function nameAccount(
  context: ServiceContext,
  { account, plan, named, check, actor }: NameAccountInput,
): Promise<void> {
  const found = accountKeys.find((known) => known === account);
  if (!found) throw new NotFoundError('account');
  if (plan !== null && !/^[^/]{1,80}\/[^/]{1,80}$/.test(plan))
    throw invalid('plan: expected PRODUCT/PLAN, such as atlas/pro.');
  const number = checked(named?.number, 'number', MAX_NUMBER);
  const name = checked(named?.name, 'name', MAX_NAME);
  await context.unitOfWork.inSystem(async (transaction) => {
    await lockAccountMappings(transaction);
    const chart = chartOf(await listAccountMappings(transaction));
    check?.(chart.find((one) => one.account === found && one.plan === plan) ?? null);
    if (number !== null && name !== null) await saveAccountMapping(transaction, { account: found, plan, number, name });
    else if (!(await deleteAccountMapping(transaction, { account: found, plan }))) return;
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: named ? 'named' : 'unnamed',
      noun: 'account',
      nounId: found,
      details: { plan, number, name },
      createdAt: context.clock.now(),
    });
  });
}

function checked(text: string | undefined, field: string, maxLength: number): string | null {
  if (text === undefined) return null;
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.length <= maxLength) return trimmed;
  throw invalid(`${field}: expected 1 to ${maxLength} characters.`);
}

function invalid(message: string): InvalidError {
  return new InvalidError('account_name_invalid', message);
}
