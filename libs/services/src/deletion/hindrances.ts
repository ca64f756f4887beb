import { ConflictError } from '#domain';
import { type OrganizationHindrances, type Transaction, readOrganizationHindrances } from '#persistence';

/** Why something cannot be deleted yet, and what to do about it. */
export interface Hindrance {
  readonly reason:
    | 'subscriptions_active'
    | 'usage_not_invoiced'
    | 'invoices_open'
    | 'payments_open'
    | 'only_owner'
    | 'last_admin';
  /** Where it has to be done; null for the installation itself. */
  readonly organization: { readonly id: string; readonly name: string } | null;
  readonly message: string;
}

/** What keeps an organization from being deleted; empty when nothing does. */
export async function hindrancesOfOrganization(
  transaction: Transaction,
  organization: { readonly id: string; readonly name: string },
): Promise<Hindrance[]> {
  const found = await readOrganizationHindrances(transaction, organization.id);
  return hindrancesFrom(found).map((hindrance) => ({ ...hindrance, organization }));
}

function hindrancesFrom(found: OrganizationHindrances): Omit<Hindrance, 'organization'>[] {
  const { subscriptions, openPeriods, openInvoices, openPayments } = found;
  const all: (Omit<Hindrance, 'organization'> | false)[] = [
    subscriptions > 0 && {
      reason: 'subscriptions_active',
      message: `${count(subscriptions, 'subscription is', 'subscriptions are')} not canceled. Cancel ${subscriptions === 1 ? 'it' : 'them'} at once; what was used until then is invoiced.`,
    },
    openPeriods > 0 && {
      reason: 'usage_not_invoiced',
      message: 'The last invoice is not made yet. It is within minutes of the end of the subscription: come back then.',
    },
    openInvoices > 0 && {
      reason: 'invoices_open',
      message: `${count(openInvoices, 'invoice is', 'invoices are')} not settled. Pay what is due; what is being made or collected takes some minutes.`,
    },
    openPayments > 0 && {
      reason: 'payments_open',
      message: 'A refund, or a dispute with a bank, is under way. It must be over first.',
    },
  ];
  return all.filter((hindrance) => hindrance !== false);
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** @throws ConflictError `deletion_blocked` with all of them in words */
export function requireNoHindrance(hindrances: readonly Hindrance[]): void {
  if (hindrances.length === 0) return;
  const words = hindrances.map(({ organization, message }) =>
    organization === null ? message : `${organization.name}: ${message}`,
  );
  throw new ConflictError('deletion_blocked', `This cannot be deleted yet. ${words.join(' ')}`);
}
