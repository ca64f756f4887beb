import { RETIREMENT_NOTICES, retirementStep } from '#domain';
import {
  type Actor,
  type PublisherApi,
  findRetirement,
  listDueRetirements,
  listTeamAddresses,
  markRetirementNoticed,
} from '#persistence';
import { changeCatalog } from '../catalog/change-catalog.js';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import type { NoticeMail } from '../plan/migrate-subscribers.js';
import { whatBreaks } from './api-version-callers.js';
import { saveState } from './change-api-version.js';
import { findOwnApiVersion } from './own-api.js';
import { type DeprecationNotice, tellCallers } from './tell-callers.js';

const SYSTEM: Actor = { kind: 'system', id: null };
const DAY_MS = 86_400_000;
/** Whoever has not called for so long does not call any more. */
const CALLS_FOR_MS = 30 * DAY_MS;
const BATCH = 50;

/** What the team of a version is told: that it ends soon, or that it has ended. */
export interface RetirementNotice {
  readonly api: Pick<PublisherApi, 'slug' | 'title'>;
  readonly version: string;
  readonly sunsetOn: string;
  readonly isOver: boolean;
  /** How many organizations have called it in the last 30 days. */
  readonly callers: number;
}

/** How those are told whom the end of a version concerns. */
export interface RetirementMails {
  readonly toCallers: (notice: DeprecationNotice) => NoticeMail;
  readonly toTeam: (notice: RetirementNotice) => NoticeMail;
}

/**
 * Switches versions off whose day has come, where their publishers wanted that, and tells their teams; a week and a day before, it
 * tells the teams and those who still call. Each is done once, however many workers ask at the same time. Returns how many were switched off.
 * @throws what failed first, after having tried all
 */
export async function retireOnSunset(context: ServiceContext, mails: RetirementMails): Promise<number> {
  const query = { through: context.clock.now(), notices: RETIREMENT_NOTICES, limit: BATCH };
  const due = await context.unitOfWork.inSystem((transaction) => listDueRetirements(transaction, query));
  const failures: unknown[] = [];
  let retired = 0;
  for (const { api, version } of due) {
    try {
      if (await takeStep(context, { api, version, publisherUserId: null }, mails)) retired += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return retired;
}

/** True when it was switched off. */
async function takeStep(
  context: ServiceContext,
  edited: { readonly api: string; readonly version: string; readonly publisherUserId: null },
  mails: RetirementMails,
): Promise<boolean> {
  // Comparing documents takes its time, so that it is done before the catalogue is locked.
  const compared = await whatBreaks(context, edited);
  return changeCatalog(context, SYSTEM, async (work) => {
    const { transaction } = work;
    const own = await findOwnApiVersion(transaction, edited);
    const { api, version } = own;
    const retirement = await findRetirement(transaction, { apiId: api.id, name: version.name });
    // Somebody was faster, or has changed their mind.
    const step = retirement && retirementStep(retirement, context.clock.now());
    if (!retirement || step === null) return false;
    const isOver = step === 'retire';
    const sunsetOn = retirement.retireOn;
    const since = new Date(context.clock.nowMs() - CALLS_FOR_MS);
    const telling = { ...compared, sunsetOn, since, writeMail: mails.toCallers };
    const callers = isOver ? 0 : await tellCallers(work, own, telling);
    if (isOver) await saveState(work, own, { state: 'retired', sunsetOn, retiresAtSunset: false });
    else await markRetirementNoticed(transaction, version.id, step);
    const notice = { api: { slug: api.slug, title: api.title }, version: version.name, sunsetOn, isOver, callers };
    for (const to of await listTeamAddresses(transaction, api.publisherTeamId))
      await sendMail(context, transaction, { to, ...mails.toTeam(notice) });
    return isOver;
  });
}
