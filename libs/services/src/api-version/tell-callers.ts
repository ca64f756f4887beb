import type { PublisherApi } from '#persistence';
import { listApiVersionCallers, listDeveloperAddresses } from '#persistence';
import { sendMail } from '../mail/send-mail.js';
import type { NoticeMail } from '../plan/migrate-subscribers.js';
import type { CatalogWork, OwnApiVersion } from './change-api-version.js';

/** What members of an organization are told whose applications call a version that is to end. */
export interface DeprecationNotice {
  readonly organization: string;
  readonly applications: readonly string[];
  readonly api: Pick<PublisherApi, 'slug' | 'title'>;
  readonly version: string;
  /** The version to use in its place; null while there is none. */
  readonly latest: string | null;
  /** What they call that a correct caller may fail with in that version. */
  readonly broken: readonly string[];
  readonly sunsetOn: string | null;
}

export interface Telling extends Pick<DeprecationNotice, 'sunsetOn' | 'latest' | 'broken'> {
  readonly writeMail: (notice: DeprecationNotice) => NoticeMail;
  /** From which day on calls count. */
  readonly since: Date;
}

/** Tells the members who work on applications that have called a version since a day, each organization once. Returns how many. */
export async function tellCallers(
  { context, transaction }: Pick<CatalogWork, 'context' | 'transaction'>,
  { api, version }: OwnApiVersion,
  { sunsetOn, latest, broken, since, writeMail }: Telling,
): Promise<number> {
  const callers = await listApiVersionCallers(transaction, { apiVersionId: version.id, since, named: broken });
  const byOrganization = Map.groupBy(callers, ({ organization }) => organization.id);
  for (const [organizationId, own] of byOrganization) {
    const mail = writeMail({
      organization: own[0]!.organization.name,
      applications: own.map(({ application }) => application.name),
      api: { slug: api.slug, title: api.title },
      version: version.name,
      latest,
      broken: [...new Set(own.flatMap(({ named }) => named))],
      sunsetOn,
    });
    for (const to of await listDeveloperAddresses(transaction, organizationId))
      await sendMail(context, transaction, { to, ...mail });
  }
  return byOrganization.size;
}
