import { InvalidError } from '#domain';
import { type PublisherApi, listApiVersionCallers, listDeveloperAddresses } from '#persistence';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import type { NoticeMail } from '../plan/migrate-subscribers.js';
import { callersSince, whatBreaks } from './api-version-callers.js';
import {
  type ApiVersionChange,
  type CatalogWork,
  type OwnApiVersion,
  changeVersion,
  requireCallable,
  saveState,
} from './change-api-version.js';
import { type EditedApiVersion, findOwnApiVersion } from './own-api.js';

/** What members of an organization are told whose applications call a version that is deprecated. */
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

export interface DeprecateApiVersionInput extends ApiVersionChange {
  /** The UTC day from which on it is switched off; null when that is not known. */
  readonly sunsetOn: string | null;
  /** How those are told who have called it lately; null to tell nobody. */
  readonly writeMail: ((notice: DeprecationNotice) => NoticeMail) | null;
}

/**
 * Tells readers that a version should not be used any more, and from which day on it is switched off, if that is known. It still
 * answers. Returns how many organizations get a mail.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; ConflictError `api_version_not_published`; InvalidError `sunset_past`;
 *   what `check` throws
 */
export async function deprecateApiVersion(
  context: ServiceContext,
  { sunsetOn, writeMail, ...change }: DeprecateApiVersionInput,
): Promise<number> {
  const today = context.clock.now().toISOString().slice(0, 10);
  if (sunsetOn !== null && sunsetOn <= today)
    throw new InvalidError('sunset_past', `sunsetOn: expected a day after today, ${today} (UTC).`);
  const telling = writeMail && { writeMail, sunsetOn, ...(await whatBreaksOfOwn(context, change)) };
  return changeVersion(context, change, async (work, own) => {
    requireCallable(own.version);
    await saveState(work, own, { state: 'deprecated', sunsetOn });
    return telling === null ? 0 : tellCallers(work, own, telling);
  });
}

/** Comparing documents takes its time, so that it is done before the catalogue is locked. */
async function whatBreaksOfOwn(context: ServiceContext, edited: EditedApiVersion) {
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  requireCallable(version);
  return whatBreaks(context, edited);
}

interface Telling extends Pick<DeprecationNotice, 'sunsetOn' | 'latest' | 'broken'> {
  readonly writeMail: (notice: DeprecationNotice) => NoticeMail;
}

async function tellCallers(
  { context, transaction }: CatalogWork,
  { api, version }: OwnApiVersion,
  { sunsetOn, latest, broken, writeMail }: Telling,
): Promise<number> {
  const filter = { apiVersionId: version.id, since: callersSince(context), named: broken };
  const callers = await listApiVersionCallers(transaction, filter);
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
