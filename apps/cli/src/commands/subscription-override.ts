import fs from 'node:fs/promises';
import { InvalidError } from '#domain';
import {
  type OverrideTerms,
  type PublisherSubscriptionPage,
  addSubscriptionNote,
  findPublisherSubscription,
  overrideSubscription,
  overrideTerms,
  previewOverride,
  revokeOverride,
} from '#services';
import { parse } from 'yaml';
import { parseOptions, required, subscriptionId } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { differenceLines } from '../differences.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';
import { invoiceSoFar, show } from './subscription-life.js';

/** `tollgate subscription override`: other limits or prices for one subscription; `--preview` only says what they would do. */
export async function subscriptionOverride([word, ...rest]: readonly string[]): Promise<number> {
  const id = subscriptionId(word);
  const options = parseOptions(rest, {
    file: { type: 'string', short: 'f' },
    quota: { type: 'string', multiple: true },
    'rate-limit': { type: 'string', multiple: true },
    'fixed-fee': { type: 'string' },
    reason: { type: 'string' },
    now: { type: 'boolean' },
    preview: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const reason = options.preview ? '' : required(options.reason, '--reason TEXT');
  const fromFile = options.file === undefined ? {} : await readTerms(options.file);
  const which = { subscriptionId: id, publisherUserId: null, when: options.now ? 'now' : 'period_end' } as const;
  return withSession(async ({ context }) => {
    const page = await findPublisherSubscription(context, which);
    const terms = termsFrom({
      ...fromFile,
      ...(options['fixed-fee'] !== undefined && { fixedFee: options['fixed-fee'] }),
      ...limitsFrom(page, 'quotas', options.quota ?? []),
      ...limitsFrom(page, 'rateLimits', options['rate-limit'] ?? []),
    });
    if (!options.preview) {
      return show(await overrideSubscription(context, { ...which, terms, reason, actor: CLI_ACTOR }), options.json);
    }
    const preview = await previewOverride(context, { ...which, terms });
    if (options.json) await printJson(preview);
    else {
      await print(`Would begin at ${preview.startsAt.toISOString()}.\n${differenceLines(preview.differences)}`);
      await print(invoiceSoFar('Its period so far, as it is:', preview.unchanged, preview.currency));
      await print(invoiceSoFar('With these terms:', preview, preview.currency));
    }
    return EXIT.ok;
  });
}

/** `tollgate subscription revoke-override`: back to the terms of its plan. */
export async function subscriptionRevokeOverride([word, ...rest]: readonly string[]): Promise<number> {
  const id = subscriptionId(word);
  const { now, json } = parseOptions(rest, { now: { type: 'boolean' }, json: { type: 'boolean' } });
  const input = {
    subscriptionId: id,
    publisherUserId: null,
    when: now ? 'now' : 'period_end',
    actor: CLI_ACTOR,
  } as const;
  return show(await withSession(({ context }) => revokeOverride(context, input)), json);
}

/** `tollgate subscription overrides`: the terms of its own that it has or had, the newest first. */
export async function subscriptionOverrides([word, ...rest]: readonly string[]): Promise<number> {
  const id = subscriptionId(word);
  const { json } = parseOptions(rest, { json: { type: 'boolean' } });
  const { overrides } = await withSession(({ context }) =>
    findPublisherSubscription(context, { subscriptionId: id, publisherUserId: null }),
  );
  if (json) await printJson(overrides);
  else if (overrides.length === 0) await print('It has the terms of its plan.\n');
  for (const { startsAt, endsAt, reason, differences } of json ? [] : overrides) {
    const span = startsAt
      ? `${startsAt.toISOString()} to ${endsAt?.toISOString() ?? '…'}`
      : 'taken back before it began';
    await print(`${span}: ${reason}\n${differenceLines(differences)}`);
  }
  return EXIT.ok;
}

/** `tollgate subscription note`: writes a note that its organization does not see; without a text it prints those there are. */
export async function subscriptionNote([word, ...rest]: readonly string[]): Promise<number> {
  const id = subscriptionId(word);
  const { text, json } = parseOptions(rest, { text: { type: 'string' }, json: { type: 'boolean' } });
  const which = { subscriptionId: id, publisherUserId: null };
  const notes = await withSession(async ({ context }) => {
    if (text === undefined) return (await findPublisherSubscription(context, which)).notes;
    return addSubscriptionNote(context, { ...which, text: required(text, '--text TEXT'), actor: CLI_ACTOR });
  });
  if (json) await printJson(notes);
  else if (notes.length === 0) await print('No notes.\n');
  for (const note of json ? [] : notes)
    await print(`${note.createdAt.toISOString()}  ${note.author ?? 'command line'}: ${note.text}\n`);
  return EXIT.ok;
}

/** The limits of the plan with some of them changed, as "monthly=50000" each; nothing when none is. */
function limitsFrom(
  { planTerms }: PublisherSubscriptionPage,
  field: 'quotas' | 'rateLimits',
  words: readonly string[],
): Partial<Record<'quotas' | 'rateLimits', readonly object[]>> {
  if (words.length === 0) return {};
  const option = field === 'quotas' ? '--quota' : '--rate-limit';
  const limits = new Map(planTerms[field].map((limit) => [limit.name, { ...limit }]));
  for (const word of words) {
    const [, name = '', number = ''] = /^(.+)=(\d{1,15})$/.exec(word) ?? [];
    const limit = limits.get(name);
    if (name === '') throw new UsageError(`${option} ${word}: expected NAME=NUMBER, such as monthly=50000`);
    if (!limit)
      throw new UsageError(
        `${option} ${name}: the plan has ${[...limits.keys()].join(', ') || 'none'}; use -f for others`,
      );
    limits.set(name, { ...limit, limit: Number(number) });
  }
  return { [field]: [...limits.values()] };
}

async function readTerms(file: string): Promise<object> {
  try {
    const tree: unknown = parse(await fs.readFile(file, 'utf8'), { maxAliasCount: 0 });
    if (tree !== null && typeof tree === 'object') return tree;
  } catch (error) {
    throw new InvalidError('file_unreadable', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  throw new InvalidError('override_invalid', `${file}: expected fields of a plan, such as fixedFee, prices or quotas`);
}

function termsFrom(tree: object): OverrideTerms {
  const parsed = overrideTerms.safeParse(tree);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || '(terms)'}: ${message}`);
  throw new InvalidError('override_invalid', `The terms have faults:\n${faults.join('\n')}`);
}
