import {
  QUARANTINE_REASONS,
  dismissQuarantined,
  quarantineGroups,
  quarantinedEvents,
  retryQuarantined,
} from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

const whichOptions = {
  reason: { type: 'string' },
  gateway: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `tollgate quarantine list`: usage events that are kept aside; exit 1 when some are. */
export async function quarantineList(words: readonly string[]): Promise<number> {
  const { json, ...options } = parseOptions(words, whichOptions);
  const filter = filterOf(options);
  return withSession(async ({ context }) => {
    const groups = await quarantineGroups(context, filter);
    if (json) for await (const event of quarantinedEvents(context, filter)) await printJson(event);
    else if (groups.length === 0) await print('No event is kept aside.\n');
    for (const { gatewayId, reason, count, firstKeptAt, lastKeptAt } of json ? [] : groups) {
      const when = `${firstKeptAt.toISOString()} to ${lastKeptAt.toISOString()}`;
      await print(`${gatewayId}  ${reason}  ${count} events, kept from ${when}\n`);
    }
    return groups.length === 0 ? EXIT.ok : EXIT.negative;
  });
}

/** `tollgate quarantine retry`: counts what can be counted by now; exit 1 when some must stay. */
export async function quarantineRetry(words: readonly string[]): Promise<number> {
  const { json, ...options } = parseOptions(words, whichOptions);
  const filter = filterOf(options);
  const result = await withSession(({ context }) => retryQuarantined(context, { ...filter, actor: CLI_ACTOR }));
  const kept = Object.entries(result.kept);
  if (json) await printJson(result);
  else {
    const stays = kept.map(([reason, count]) => `${count} must stay: ${reason}\n`);
    await print(`${result.counted} events are in the ledger now.\n${stays.join('')}`);
  }
  return kept.length === 0 ? EXIT.ok : EXIT.negative;
}

/** `tollgate quarantine dismiss`: says that events shall never be counted. */
export async function quarantineDismiss(words: readonly string[]): Promise<number> {
  const { json, note, ...options } = parseOptions(words, { ...whichOptions, note: { type: 'string' } });
  required(options.reason, '--reason');
  const input = { ...filterOf(options), note: required(note, '--note'), actor: CLI_ACTOR };
  const dismissed = await withSession(({ context }) => dismissQuarantined(context, input));
  if (json) await printJson({ dismissed });
  else await print(`${dismissed} events will not be counted. They are kept.\n`);
  return EXIT.ok;
}

function filterOf({ reason, gateway }: { reason?: string | undefined; gateway?: string | undefined }) {
  if (reason !== undefined && !QUARANTINE_REASONS.some((known) => known === reason))
    throw new UsageError(`--reason ${reason}: expected one of ${QUARANTINE_REASONS.join(', ')}`);
  return { reasons: reason === undefined ? undefined : [reason], gatewayId: gateway };
}
