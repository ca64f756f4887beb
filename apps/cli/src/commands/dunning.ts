import { dunningPolicyOf } from '#config';
import { formatMoney } from '#domain';
import { type DunningOverview, findOrganizationId, listDunningOverviews, pauseDunning, resumeDunning } from '#services';
import { parseInstant, parseOptions, required } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

const PAGE = 100;

/** `tollgate dunning list`: unpaid invoices, and what follows; as JSON one document a line. */
export async function dunningList(words: readonly string[]): Promise<number> {
  const { json } = parseOptions(words, { json: { type: 'boolean', default: false } });
  await withSession(async ({ context, settings }) => {
    for (let after: string | null = null, isFirst = true; ; isFirst = false) {
      const page: DunningOverview[] = await listDunningOverviews(context, dunningPolicyOf(settings), {
        after,
        limit: PAGE,
      });
      for (const found of page) await (json ? printJson(found) : print(describe(found)));
      if (page.length === 0 && isFirst && !json) await print('nothing is past due\n');
      if (page.length < PAGE) return;
      after = page.at(-1)!.invoiceId;
    }
  });
  return EXIT.ok;
}

/** `tollgate dunning pause`: lets dunning of an organization rest. */
export async function dunningPause(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    organization: { type: 'string' },
    until: { type: 'string' },
    reason: { type: 'string' },
  });
  const organization = required(options.organization, '--organization');
  const until = parseInstant(required(options.until, '--until'), '--until');
  const reason = required(options.reason, '--reason');
  await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    await pauseDunning(context, { organizationId, until, reason, actor: CLI_ACTOR });
  });
  await print(`paused until ${until.toISOString()}\n`);
  return EXIT.ok;
}

/** `tollgate dunning resume`: ends a pause now. */
export async function dunningResume(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { organization: { type: 'string' } });
  const organization = required(options.organization, '--organization');
  await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    await resumeDunning(context, { organizationId, actor: CLI_ACTOR });
  });
  await print('resumed\n');
  return EXIT.ok;
}

function describe({
  number,
  invoiceId,
  organization,
  dueMinor,
  currency,
  outlook,
  pause,
  ...found
}: DunningOverview): string {
  const next = outlook?.nextStep
    ? `${outlook.nextStep.kind} at ${outlook.nextStep.at.toISOString()}`
    : 'nothing follows';
  const facts = [
    number ?? invoiceId,
    organization.id,
    organization.name,
    formatMoney(dueMinor, currency),
    `attempt ${found.attempt}`,
    found.case?.suspendedAt ? `suspended since ${found.case.suspendedAt.toISOString()}` : 'not suspended',
    next,
    ...(pause ? [`paused until ${pause.until.toISOString()}: ${pause.reason}`] : []),
  ];
  return `${facts.join('  ')}\n`;
}
