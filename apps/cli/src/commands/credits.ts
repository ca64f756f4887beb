import { formatMoney } from '#domain';
import { decideOnCredits, findOrganizationId, proposeCredits, readCredits } from '#services';
import { idFrom, parseInstant, parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate credits give`: credits for an organization; above the limit they wait for a person of finance. */
export async function creditsGive(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    organization: { type: 'string' },
    currency: { type: 'string' },
    'amount-minor': { type: 'string' },
    reason: { type: 'string' },
    priority: { type: 'string' },
    product: { type: 'string' },
    meter: { type: 'string' },
    expires: { type: 'string' },
    seller: { type: 'string' },
  });
  const amount = required(options['amount-minor'], '--amount-minor');
  if (!/^[0-9]{1,16}$/.test(amount))
    throw new UsageError('--amount-minor: expected whole minor units of the currency, such as 1250 for 12.50 EUR');
  const { id, state } = await withSession(async ({ context, settings }) =>
    proposeCredits(context, {
      organizationId: await findOrganizationId(context, required(options.organization, '--organization')),
      currency: required(options.currency, '--currency'),
      amountMinor: BigInt(amount),
      reason: required(options.reason, '--reason'),
      priority: options.priority === undefined ? undefined : Number(options.priority),
      product: options.product,
      meter: options.meter,
      expiresAt: options.expires === undefined ? undefined : parseInstant(options.expires, '--expires'),
      sellerSlug: options.seller,
      limit: settings.CREDIT_GRANT_LIMIT,
      actor: CLI_ACTOR,
    }),
  );
  await print(state === 'approved' ? `granted ${id}\n` : `proposed ${id}: another person must approve it\n`);
  return EXIT.ok;
}

/** `tollgate credits refuse`: takes back credits that wait for approval. */
export async function creditsRefuse(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { proposal: { type: 'string' } });
  const proposalId = idFrom(options.proposal, '--proposal');
  await withSession(({ context }) => decideOnCredits(context, { proposalId, decision: 'refused', actor: CLI_ACTOR }));
  await print('refused\n');
  return EXIT.ok;
}

/** `tollgate credits list`: the grants of an organization, and what is left of them. */
export async function creditsList(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { organization: { type: 'string' }, json: { type: 'boolean', default: false } });
  const organization = required(options.organization, '--organization');
  const statement = await withSession(async ({ context }) =>
    readCredits(context, await findOrganizationId(context, organization)),
  );
  if (options.json) {
    await printJson(statement);
    return EXIT.ok;
  }
  for (const { id, currency, remainingMinor, amountMinor, source, reason, expiresAt } of statement.grants) {
    const left = `${formatMoney(remainingMinor, currency)} of ${formatMoney(amountMinor, currency)} left`;
    await print(`${id}  ${left}  ${source}  ${expiresAt?.toISOString() ?? 'never expires'}  ${reason}\n`);
  }
  if (statement.grants.length === 0) await print('no credits\n');
  return EXIT.ok;
}
