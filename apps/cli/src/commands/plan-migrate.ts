import { planVersionMail } from '#mail';
import { migrateSubscribers, offerNamed } from '#services';
import { parseOptions, planNamed, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate plan migrate`: brings the subscribers of a plan's other versions to the published one, with notice by mail. */
export async function planMigrate(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    plan: { type: 'string' },
    'notice-days': { type: 'string' },
    overrides: { type: 'string', default: 'keep' },
    json: { type: 'boolean' },
  });
  const plan = planNamed(required(options.plan, '--plan PRODUCT/PLAN'), '--plan');
  const overrides = overridesMode(options.overrides);
  const noticeDays = days(required(options['notice-days'], '--notice-days N'));
  const migration = await withSession(async ({ context, settings }) => {
    const { planVersionId } = await offerNamed(context, plan);
    return migrateSubscribers(context, {
      planVersionId,
      noticeDays,
      overrides,
      publisherUserId: null,
      actor: CLI_ACTOR,
      writeMail: (notice) => planVersionMail({ ...notice, portalUrl: settings.PORTAL_URL }),
    });
  });
  if (options.json) await printJson(migration);
  else
    await print(
      `${migration.migrated} subscriptions change when ${noticeDays} days have passed and their period ends; ${migration.skipped} are left as they are, in another currency, and ${migration.kept} with terms of their own.\n`,
    );
  return EXIT.ok;
}

function overridesMode(word: string): 'keep' | 'carry' | 'end' {
  if (word === 'keep' || word === 'carry' || word === 'end') return word;
  throw new UsageError(`--overrides ${word}: expected keep, carry or end`);
}

function days(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 365) return Number(text);
  throw new UsageError(`--notice-days ${text}: expected a whole number of days from 0 to 365`);
}
