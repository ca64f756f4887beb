import {
  type ServiceContext,
  type UsageDayOutcome,
  archiveUsageDay,
  checkUsageDay,
  findUsageDayToArchive,
} from '#services';
import { parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

/** What became of a day, or would: `ready` is one that could be archived, in a dry run. */
type Outcome = UsageDayOutcome | { readonly day: string; readonly status: 'ready' };

/** `tollgate usage archive`: moves the ledger's old days to the archive, the oldest first, until one must stay. */
export async function usageArchive(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    day: { type: 'string' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const day = options.day === undefined ? null : parseDay(options.day);
  const isDry = options['dry-run'] === true;
  const outcomes = await withSession(async ({ context, settings }) => {
    const retentionDays = settings.USAGE_RETENTION_DAYS;
    const done: Outcome[] = [];
    for (;;) {
      const next = day ?? (await findUsageDayToArchive(context, { retentionDays }));
      if (next === null) return done;
      const outcome = await (isDry ? check(context, next) : archiveUsageDay(context, next));
      done.push(outcome);
      if (!options.json) await print(describe(outcome));
      // A dry run changes nothing, so that the next day would be the same one.
      if (day !== null || isDry || outcome.status !== 'archived') return done;
    }
  });
  if (options.json) await printJson(outcomes);
  else if (outcomes.length === 0) await print('No day of the ledger is old enough.\n');
  return outcomes.every(({ status }) => status === 'archived' || status === 'ready') ? EXIT.ok : EXIT.negative;
}

async function check(context: ServiceContext, day: string): Promise<Outcome> {
  return (await checkUsageDay(context, day)) ?? { day, status: 'ready' };
}

function parseDay(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)) return text;
  throw new UsageError(`--day ${text}: expected a UTC day such as 2026-08-31`);
}

function describe(outcome: Outcome): string {
  switch (outcome.status) {
    case 'ready':
      return `${outcome.day} can be archived: its periods are closed, and its proof agrees.\n`;
    case 'archived':
      return `${outcome.day} is in the archive: ${outcome.file}, ${outcome.eventCount} events.\n`;
    case 'held':
      return `${outcome.day} must stay: ${outcome.reason}.\n`;
    case 'busy':
      return `${outcome.day} is not archived yet: ${outcome.reason}. Try again.\n`;
    case 'differs': {
      const lines = outcome.differences.map(({ row, message }) => `  ${row}\n    ${message}\n`);
      return `${outcome.day} must stay, as its proof does not agree:\n${lines.join('')}`;
    }
  }
}
