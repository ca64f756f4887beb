import { NotFoundError, roleAllows } from '#domain';
import {
  type Actor,
  type ExportRow,
  ORGANIZATION_LISTS,
  type OrganizationList,
  type UsageOfDay,
  appendToAuditLog,
  findMembership,
  listOrganizationData,
  listUsageOfDays,
  readOrganizationData,
} from '#persistence';
import type { Readable } from 'node:stream';
import { auditLogTable } from '../audit/list-audit-log.js';
import type { ServiceContext } from '../context.js';
import { exportInvoicesNdjson } from '../invoice/invoice-json.js';
import { invoiceLineTable, invoiceTable } from '../invoice/invoice-tables.js';
import { PAGE_SIZE, type Table, pagesOf, tableOf } from '../table/table.js';
import { writeCsv } from '../table/write-csv.js';
import { writeNdjson } from '../table/write-ndjson.js';
import { type WritePart, writeZip } from '../table/write-zip.js';

/**
 * All that is kept of an organization as a ZIP archive: what it is, its people, applications, keys without their secrets,
 * subscriptions, issued invoices as JSON and CSV, usage by day, and its audit log. Read and sent in pages, whatever its size.
 * The audit log says who asked for it.
 * @throws NotFoundError `organization_not_found`, also when the member may not have it any more
 */
export async function exportOrganizationData(
  context: ServiceContext,
  { organizationId, actor }: { readonly organizationId: string; readonly actor: Actor },
): Promise<Readable> {
  await context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const membership = await findMembership(transaction, organizationId, actor.id ?? '');
    if (!membership || !roleAllows(membership.role, 'export_data')) throw new NotFoundError('organization');
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'exported the data of',
      noun: 'organization',
      nounId: organizationId,
      createdAt: context.clock.now(),
    });
  });
  return writeZip((part) => writeOrganization(context, organizationId, '', part), context.clock.now());
}

/** The files of an organization below `folder`, which is empty or ends with a slash. */
export async function writeOrganization(
  context: ServiceContext,
  organizationId: string,
  folder: string,
  part: WritePart,
): Promise<void> {
  const organization = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    readOrganizationData(transaction, organizationId),
  );
  if (!organization) return;
  const filter = { organizationId };
  await part(`${folder}organization.json`, [`${JSON.stringify(organization, null, 2)}\n`]);
  for (const list of ORGANIZATION_LISTS) {
    await part(`${folder}${list}.ndjson`, writeRows(readList(context, list, organizationId)));
  }
  await part(`${folder}invoices.ndjson`, exportInvoicesNdjson(context, filter));
  await part(`${folder}invoices.csv`, writeCsv(invoiceTable(context, filter)));
  await part(`${folder}invoice-lines.csv`, writeCsv(invoiceLineTable(context, filter)));
  await part(`${folder}usage-by-day.csv`, writeCsv(usageTable(context, organizationId)));
  await part(`${folder}audit-log.ndjson`, writeNdjson(auditLogTable(context, filter)));
}

/** Rows as JSON lines. */
export async function* writeRows(pages: AsyncIterable<readonly ExportRow[]>): AsyncGenerator<string, void, undefined> {
  for await (const rows of pages) yield rows.map(({ data }) => `${JSON.stringify(data)}\n`).join('');
}

function readList(context: ServiceContext, list: OrganizationList, organizationId: string) {
  return pagesOf<ExportRow>(PAGE_SIZE, (last, limit) =>
    context.unitOfWork.inOrganization(organizationId, (transaction) =>
      listOrganizationData(transaction, list, { organizationId, after: last?.id ?? null, limit }),
    ),
  );
}

function usageTable(context: ServiceContext, organizationId: string): Table {
  return tableOf<UsageOfDay>(
    'Usage by day',
    {
      day: ({ dayAt }) => dayAt.toISOString().slice(0, 10),
      mode: ({ mode }) => mode,
      application_id: ({ applicationId }) => applicationId,
      key: ({ credentialId }) => credentialId,
      product: ({ product }) => product,
      api_version: ({ version }) => version,
      operation: ({ operation }) => operation,
      meter: ({ meter }) => meter,
      status_class: ({ statusClass }) => statusClass,
      billable: ({ billable }) => String(billable),
      events: ({ eventCount }) => eventCount,
      quantity: ({ quantity }) => ({ decimal: quantity }),
    },
    () =>
      pagesOf<UsageOfDay>(PAGE_SIZE, (after, limit) =>
        context.unitOfWork.inOrganization(organizationId, (transaction) =>
          listUsageOfDays(transaction, { organizationId, after, limit }),
        ),
      ),
  );
}
