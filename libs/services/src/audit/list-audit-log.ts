import {
  type AuditLogFilter,
  type ListedAuditEntry,
  listAuditEntries,
  listAuditNouns as readNouns,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { PAGE_SIZE, type Table, pagesOf, tableOf } from '../table/table.js';

export interface AuditLogPage<Entry> {
  readonly entries: readonly Entry[];
  /** The `before` of the next page; null after the last. */
  readonly next: string | null;
}

/** A page of the entries of all organizations and of the installation itself, the newest first; for operators. */
export async function listAuditLog(
  context: ServiceContext,
  filter: Omit<AuditLogFilter, 'organizationId'> & { readonly organizationId?: string | undefined },
  limit: number,
): Promise<AuditLogPage<ListedAuditEntry>> {
  const found = await context.unitOfWork.inSystem((transaction) =>
    listAuditEntries(transaction, { ...filter, organizationId: filter.organizationId ?? null }, limit + 1),
  );
  return toPage(found, limit);
}

/** An entry as the members of its organization see it. */
export interface OrganizationAuditEntry {
  readonly id: string;
  readonly at: Date;
  /** A person's address; "staff" for people of the installation or a publisher, "system", "command line". */
  readonly actor: string;
  readonly action: string;
  readonly noun: string;
  readonly nounId: string | null;
  /** What was changed; empty for what staff has done, whose reasons are their own. */
  readonly details: Readonly<Record<string, unknown>>;
}

export type OrganizationAuditFilter = Omit<AuditLogFilter, 'organizationId'> & { readonly organizationId: string };

/** A page of an organization's own log, the newest first. */
export async function listOrganizationAuditLog(
  context: ServiceContext,
  filter: OrganizationAuditFilter,
  limit: number,
): Promise<AuditLogPage<OrganizationAuditEntry>> {
  const found = await readEntries(context, filter, limit + 1);
  const { entries, next } = toPage(found, limit);
  return { entries: entries.map(toOrganizationEntry), next };
}

/** What an organization's log has entries about. */
export function listAuditNouns(context: ServiceContext, organizationId: string): Promise<string[]> {
  return context.unitOfWork.inOrganization(organizationId, (transaction) => readNouns(transaction, organizationId));
}

/** An organization's own log as a table for exports, the newest first. */
export function auditLogTable(context: ServiceContext, filter: OrganizationAuditFilter): Table {
  return tableOf<OrganizationAuditEntry>(
    'Audit log',
    {
      time: ({ at }) => at,
      actor: ({ actor }) => actor,
      action: ({ action }) => action,
      noun: ({ noun }) => noun,
      id: ({ nounId }) => nounId,
      details: ({ details }) => JSON.stringify(details),
    },
    () =>
      pagesOf<OrganizationAuditEntry>(PAGE_SIZE, async (after, limit) => {
        const before = after?.id ?? filter.before;
        return (await readEntries(context, { ...filter, before }, limit)).map(toOrganizationEntry);
      }),
  );
}

function readEntries(
  context: ServiceContext,
  filter: OrganizationAuditFilter,
  limit: number,
): Promise<ListedAuditEntry[]> {
  return context.unitOfWork.inOrganization(filter.organizationId, (transaction) =>
    listAuditEntries(transaction, filter, limit),
  );
}

function toPage<Entry extends { readonly id: string }>(found: readonly Entry[], limit: number): AuditLogPage<Entry> {
  const entries = found.slice(0, limit);
  return { entries, next: found.length > limit ? entries.at(-1)!.id : null };
}

function toOrganizationEntry(entry: ListedAuditEntry): OrganizationAuditEntry {
  const { id, createdAt, action, noun, nounId, details = {} } = entry;
  const actor = actorOf(entry);
  const isOwn = entry.actor.kind === 'user' && !entry.isByStaff;
  return { id, at: createdAt, actor, action, noun, nounId, details: isOwn ? details : {} };
}

function actorOf({ actor, actorEmail, isByStaff }: ListedAuditEntry): string {
  switch (actor.kind) {
    case 'user':
      return isByStaff ? 'staff' : (actorEmail ?? 'a former user');
    case 'system':
      return 'system';
    case 'cli':
      return 'command line';
  }
}
