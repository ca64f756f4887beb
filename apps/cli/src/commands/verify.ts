import { type VerifyReport, verifyLedger } from '#services';
import { createStripePaymentProvider } from '#stripe';
import { parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

/** `tollgate verify`: recomputes every total from the other end and names the first row that differs. */
export async function verify(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    period: { type: 'string' },
    'no-provider': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const range = options.period === undefined ? {} : monthRange(options.period);
  const report = await withSession(({ context, settings }) =>
    verifyLedger(context, {
      ...range,
      journalFolder: settings.JOURNAL_DIR,
      ...(options['no-provider']
        ? {}
        : {
            provider: createStripePaymentProvider({
              secretKey: settings.STRIPE_SECRET_KEY,
              apiBase: settings.STRIPE_API_BASE,
              webhookSecret: settings.STRIPE_WEBHOOK_SECRET,
              allowLive: settings.STRIPE_ALLOW_LIVE,
            }),
          }),
    }),
  );
  if (options.json) await printJson(report);
  else await print(describe(report));
  return report.ok ? EXIT.ok : EXIT.negative;
}

function monthRange(month: string): { from: Date; to: Date } {
  const [year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month)?.slice(1).map(Number) ?? [];
  if (!year || !number) throw new UsageError(`--period ${month}: expected a month such as 2026-11`);
  return { from: new Date(Date.UTC(year, number - 1)), to: new Date(Date.UTC(year, number)) };
}

function describe(report: VerifyReport): string {
  const lines = report.checks.map(
    (check) => `${check.ok ? '✓' : '✗'} ${check.name.padEnd(9)} ${check.checked} checked`,
  );
  const differences = report.checks.flatMap(({ difference }) =>
    difference
      ? [
          `  ${difference.row}\n    expected ${difference.expected}\n    actual   ${difference.actual}\n    ${difference.message}`,
        ]
      : [],
  );
  return `${[...lines, ...differences].join('\n')}\n${report.ok ? 'Everything agrees.' : 'There is a difference.'}\n`;
}
