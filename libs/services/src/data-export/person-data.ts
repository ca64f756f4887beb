import { roleAllows } from '#domain';
import { type ExportRow, listActsOfPerson, listOrganizationsOfUser, readPersonData } from '#persistence';
import type { Readable } from 'node:stream';
import type { ServiceContext } from '../context.js';
import { PAGE_SIZE, pagesOf } from '../table/table.js';
import { writeZip } from '../table/write-zip.js';
import { appendUserChange } from '../user/user-change.js';
import { writeOrganization, writeRows } from './organization-data.js';

/**
 * All that is kept of a person as a ZIP archive: their account, sessions, tokens without secrets, memberships, what they did,
 * and a folder for each organization whose data they may have. Read and sent in pages, whatever its size. The audit log says so.
 */
export async function exportPersonData(context: ServiceContext, userId: string): Promise<Readable> {
  const { person, organizations } = await context.unitOfWork.inSystem(async (transaction) => {
    await appendUserChange(context, transaction, { userId, action: 'exported the data of' });
    const memberships = await listOrganizationsOfUser(transaction, userId);
    return {
      person: await readPersonData(transaction, userId),
      organizations: memberships.filter(({ role }) => roleAllows(role, 'export_data')),
    };
  });
  return writeZip(async (part) => {
    await part('account.json', [`${JSON.stringify(person, null, 2)}\n`]);
    await part('what-you-did.ndjson', writeRows(readActs(context, userId)));
    for (const { organization } of organizations) {
      await writeOrganization(context, organization.id, `organizations/${organization.slug}/`, part);
    }
  }, context.clock.now());
}

function readActs(context: ServiceContext, userId: string) {
  return pagesOf<ExportRow>(PAGE_SIZE, (last, limit) =>
    context.unitOfWork.inSystem((transaction) =>
      listActsOfPerson(transaction, { userId, after: last?.id ?? null, limit }),
    ),
  );
}
