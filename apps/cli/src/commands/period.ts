import { type ClosingResult, closePeriodsAt, createClockControl } from '#services';
import { parseInstantFrom, parseOptions } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate period close`: closes every period that has ended by an instant, and invoices it. */
export async function periodClose(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    at: { type: 'string' },
    'release-incomplete': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const atFrom = options.at === undefined ? undefined : parseInstantFrom(options.at, '--at');
  const result = await withSession(({ context, clock, settings }) => {
    const at = atFrom?.(clock.now());
    if (at && at > clock.now() && settings.TIME_MACHINE)
      remark(`Moving the clock to ${at.toISOString()} and waiting for the gateways …`);
    return closePeriodsAt(context, {
      at,
      clockControl: settings.TIME_MACHINE ? createClockControl(context, clock) : null,
      releaseIncomplete: options['release-incomplete'] ?? false,
      actor: CLI_ACTOR,
    });
  });
  if (options.json) await printJson(result);
  else await print(describe(result));
  return result.held.length === 0 ? EXIT.ok : EXIT.negative;
}

function describe({ closed, held }: ClosingResult): string {
  if (closed.length + held.length === 0) return 'No period is due.\n';
  const lines = [
    ...closed.map(
      (period) =>
        `closed ${period.subscriptionId} from ${period.periodStart.toISOString()}: ${describeInvoice(period)}`,
    ),
    ...held.map(
      (period) => `held   ${period.subscriptionId} from ${period.periodStart.toISOString()}: ${period.reason}`,
    ),
  ];
  return `${lines.join('\n')}\n${closed.length} closed, ${held.length} held.\n`;
}

function describeInvoice({ number, totalMinor }: ClosingResult['closed'][number]): string {
  return number ?? (totalMinor > 0n ? 'an invoice in review' : 'nothing to pay');
}
