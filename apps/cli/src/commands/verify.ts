import { type VerifyReport, listedDifferences, verifyLedger } from '#services';
import { createStripePaymentProvider } from '#stripe';
import { parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

/** `tollgate verify`: recomputes every total from the other end and names what differs, the first row first. */
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
              minimumCharges: settings.STRIPE_MINIMUM_CHARGES,
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
    (check) => `${check.ok ? '✓' : '✗'} ${check.name.padEnd(11)} ${check.checked} checked`,
  );
  const differences = report.checks.flatMap((check) => [
    ...listedDifferences(check).map(
      ({ row, expected, actual, message }) =>
        `  ${row}\n    expected ${expected}\n    actual   ${actual}\n    ${message}`,
    ),
    ...(check.unlisted ? [`  … and ${check.unlisted} more of ${check.name}`] : []),
  ]);
  return `${[...lines, ...differences].join('\n')}\n${summaryOf(report)}\n`;
}

function summaryOf({ ok, checks }: VerifyReport): string {
  if (ok) return 'Everything agrees.';
  const count = checks.reduce((sum, check) => sum + listedDifferences(check).length + (check.unlisted ?? 0), 0);
  return count === 1 ? 'There is a difference.' : `There are ${count} differences.`;
}
