import { readWebhooks, replayWebhook, webhookState } from '#services';
import { parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

const STATES = ['waiting', 'failed', 'processed'] as const;
const PAGE = 50;

/** `tollgate webhooks list`: the newest messages of the payment provider, and what became of them. */
export async function webhooksList(words: readonly string[]): Promise<number> {
  const { state: asked, json } = parseOptions(words, {
    state: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const state = STATES.find((known) => known === asked) ?? null;
  if (asked !== undefined && state === null) throw new UsageError(`--state ${asked}: expected ${STATES.join(', ')}`);
  const found = await withSession(({ context }) => readWebhooks(context, { state, before: null, limit: PAGE }));
  if (json) {
    await printJson(found.map((webhook) => ({ ...webhook, state: webhookState(webhook) })));
    return EXIT.ok;
  }
  for (const webhook of found) {
    const facts = [webhook.receivedAt.toISOString(), webhook.eventId, webhook.type, webhookState(webhook)];
    const tries = webhook.attempts === 1 ? '1 try' : `${webhook.attempts} tries`;
    await print(`${[...facts, tries, ...(webhook.error === null ? [] : [webhook.error])].join('  ')}\n`);
  }
  if (found.length === 0) await print('no webhooks\n');
  return EXIT.ok;
}

/** `tollgate webhooks replay`: has a message acted on once more. */
export async function webhooksReplay([eventId, ...rest]: readonly string[]): Promise<number> {
  parseOptions(rest, {});
  if (eventId === undefined || eventId.startsWith('-'))
    throw new UsageError('expected the id of an event, such as evt_1');
  await withSession(({ context }) => replayWebhook(context, { eventId, actor: CLI_ACTOR }));
  await print('queued\n');
  return EXIT.ok;
}
