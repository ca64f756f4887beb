import { InvalidError } from '#domain';
import type { ServiceContext } from '../context.js';
import type { NoticeMail } from '../plan/migrate-subscribers.js';
import { callersSince, whatBreaks } from './api-version-callers.js';
import { type ApiVersionChange, changeVersion, requireCallable, saveState } from './change-api-version.js';
import { type EditedApiVersion, findOwnApiVersion } from './own-api.js';
import { type DeprecationNotice, tellCallers } from './tell-callers.js';

export interface DeprecateApiVersionInput extends ApiVersionChange {
  /** The UTC day from which on it is switched off; null when that is not known. */
  readonly sunsetOn: string | null;
  /** Whether it is switched off by itself on that day. */
  readonly retiresAtSunset: boolean;
  /** How those are told who have called it lately; null to tell nobody. */
  readonly writeMail: ((notice: DeprecationNotice) => NoticeMail) | null;
}

/**
 * Tells readers that a version should not be used any more, and from which day on it is switched off, if that is known. It still
 * answers. Returns how many organizations get a mail.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; ConflictError `api_version_not_published`; InvalidError `sunset_past`, `sunset_missing`;
 *   what `check` throws
 */
export async function deprecateApiVersion(
  context: ServiceContext,
  { sunsetOn, retiresAtSunset, writeMail, ...change }: DeprecateApiVersionInput,
): Promise<number> {
  const today = context.clock.now().toISOString().slice(0, 10);
  if (sunsetOn !== null && sunsetOn <= today)
    throw new InvalidError('sunset_past', `sunsetOn: expected a day after today, ${today} (UTC).`);
  if (retiresAtSunset && sunsetOn === null)
    throw new InvalidError(
      'sunset_missing',
      'sunsetOn: give the day on which the version is to be switched off by itself.',
    );
  const since = callersSince(context);
  const telling = writeMail && { writeMail, since, sunsetOn, ...(await whatBreaksOfOwn(context, change)) };
  return changeVersion(context, change, async (work, own) => {
    requireCallable(own.version);
    await saveState(work, own, { state: 'deprecated', sunsetOn, retiresAtSunset });
    return telling === null ? 0 : tellCallers(work, own, telling);
  });
}

/** Comparing documents takes its time, so that it is done before the catalogue is locked. */
async function whatBreaksOfOwn(context: ServiceContext, edited: EditedApiVersion) {
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  requireCallable(version);
  return whatBreaks(context, edited);
}
