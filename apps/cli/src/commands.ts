import { reportNames } from '#services';
import { accountsList, accountsName } from './commands/accounts.js';
import { api } from './commands/api.js';
import { apply, catalogSchema } from './commands/apply.js';
import { diff } from './commands/diff.js';
import { docsDiff } from './commands/docs.js';
import { cachePurge } from './commands/cache.js';
import { creditsGive, creditsList, creditsRefuse } from './commands/credits.js';
import { dunningList, dunningPause, dunningResume } from './commands/dunning.js';
import { identitiesAdd, identitiesList, identitiesRemove } from './commands/identities.js';
import { ingestTokensCreate, ingestTokensList, ingestTokensRevoke } from './commands/ingest-tokens.js';
import { invoiceCredit, invoiceRefund } from './commands/invoice-credit.js';
import { invoiceExport } from './commands/invoice-export.js';
import { invoiceExplain } from './commands/invoice-explain.js';
import { invoiceRebuild, invoiceReissue, invoiceUncollectible, invoiceVoid } from './commands/invoice-withdraw.js';
import { invoicesExport, invoicesIssue, invoicesReview } from './commands/invoices.js';
import { journalCat, journalStat } from './commands/journal.js';
import { keysCreate } from './commands/keys.js';
import { keysImport } from './commands/keys-import.js';
import { keysList, keysPeppers, keysRevoke, keysRotate } from './commands/keys-life.js';
import { leasesList, leasesWriteOff } from './commands/leases.js';
import { membersInvite, membersList, membersRemove, membersRole } from './commands/members.js';
import { organizationRestore, organizationSuspend, organizationTerms } from './commands/organization.js';
import { periodClose } from './commands/period.js';
import { planMigrate } from './commands/plan-migrate.js';
import { planSimulate } from './commands/plan.js';
import { quotaRebuild } from './commands/quota.js';
import { rate } from './commands/rate.js';
import { report } from './commands/report.js';
import { secretsRotate } from './commands/secrets.js';
import { signingKeyRotate } from './commands/signing-key.js';
import { sim } from './commands/sim.js';
import { staffGrant, staffRevoke } from './commands/staff.js';
import {
  subscriptionApprove,
  subscriptionCancel,
  subscriptionChange,
  subscriptionKeep,
  subscriptionReactivate,
  subscriptionRefuse,
  subscriptionShow,
} from './commands/subscription-life.js';
import { subscriptionRestore, subscriptionSuspend } from './commands/subscription.js';
import { taxExempt, taxRatesAdd, taxRatesEnd, taxRatesList } from './commands/tax.js';
import { transfersImport, transfersList, transfersRecord, transfersReverse } from './commands/transfers.js';
import { userResetSecondFactor } from './commands/user.js';
import { usageReaggregate } from './commands/reaggregate.js';
import { usage } from './commands/usage.js';
import { usageArchive } from './commands/usage-archive.js';
import {
  subscriptionNote,
  subscriptionOverride,
  subscriptionOverrides,
  subscriptionRevokeOverride,
} from './commands/subscription-override.js';
import { verify } from './commands/verify.js';
import { webhooksList, webhooksReplay } from './commands/webhooks.js';

interface Command {
  readonly words: readonly string[];
  readonly options: string;
  readonly summary: string;
  /** Runs with the words after the command's own; returns the exit code. */
  run(words: readonly string[]): Promise<number>;
}

/** Every command of `tollgate`, in the order that the help shows them. */
export const commands: readonly Command[] = [
  {
    words: ['apply'],
    options: '-f FILE [--set NAME=VALUE]… [--dry-run] [--json] [--quiet]',
    summary: 'Make APIs, products, meters and plans what FILE says; prints the difference.',
    run: apply,
  },
  {
    words: ['diff'],
    options: '-f FILE [--set NAME=VALUE]… [--json] [--quiet]',
    summary:
      'Say where FILE and what is live differ, field by field; changes nothing. Exit 0 for no difference, 1 for some, 2 for a faulty file.',
    run: diff,
  },
  {
    words: ['docs', 'diff'],
    options: '--from FILE --to FILE | --api SLUG [--from VERSION] --to VERSION [--json] [--quiet]',
    summary:
      'What changed between two OpenAPI files, or two live versions: breaking, not breaking, docs only. Exit 1 when some of it is breaking.',
    run: docsDiff,
  },
  { words: ['catalog', 'schema'], options: '', summary: 'Print the JSON Schema of that file.', run: catalogSchema },
  {
    words: ['keys', 'create'],
    options:
      '--application NAME [--organization NAME] [--plan PRODUCT/PLAN] [--billing-email ADDRESS] [--mode live|test] [--name TEXT] [--expires INSTANT] [--allow-address RANGE]… [--product SLUG]… [--operation SELECTOR]… [--json]',
    summary: 'Make a key; organization, application and subscription too when they are missing.',
    run: keysCreate,
  },
  {
    words: ['keys', 'list'],
    options: '--application NAME [--organization NAME] [--json]',
    summary: 'The keys of an application, without their secrets.',
    run: keysList,
  },
  {
    words: ['keys', 'rotate'],
    options: '--key TG_LIVE_ID [--overlap 24h] [--expires INSTANT] [--json]',
    summary: 'Make a successor that works at once; the old key ends after the overlap (0 to 30d).',
    run: keysRotate,
  },
  {
    words: ['keys', 'revoke'],
    options: '--key TG_LIVE_ID',
    summary: 'End a key; the gateways refuse it within a second.',
    run: keysRevoke,
  },
  {
    words: ['keys', 'import'],
    options: '-f FILE [--json]',
    summary: 'Take over keys of another gateway from CSV or JSON lines; all or none, and none twice.',
    run: keysImport,
  },
  {
    words: ['keys', 'peppers'],
    options: '[--json]',
    summary: 'How many keys hang on each pepper; exit 1 when live keys have lost theirs.',
    run: keysPeppers,
  },
  {
    words: ['identities', 'add'],
    options: '--application ID --kind jwt|mtls [--issuer URL] --value TEXT [--json]',
    summary: 'Let a claim of an issuer’s tokens, or the name in a client certificate, stand for an application.',
    run: identitiesAdd,
  },
  {
    words: ['identities', 'list'],
    options: '[--application ID] [--json]',
    summary: 'Which names stand for which application.',
    run: identitiesList,
  },
  {
    words: ['identities', 'remove'],
    options: '--id ID',
    summary: 'Let a name stand for no application any more.',
    run: identitiesRemove,
  },
  {
    words: ['cache', 'purge'],
    options: '--api SLUG [--version NAME] [--path PATH[*]]',
    summary: 'Make every gateway forget the answers of an API that it keeps, within a second.',
    run: cachePurge,
  },
  {
    words: ['ingest-tokens', 'create'],
    options: '--publisher SLUG [--name TEXT] [--json]',
    summary: 'Make a token with which a publisher team’s systems report usage, and nothing else.',
    run: ingestTokensCreate,
  },
  {
    words: ['ingest-tokens', 'list'],
    options: '[--json]',
    summary: 'These tokens, without their secrets.',
    run: ingestTokensList,
  },
  {
    words: ['ingest-tokens', 'revoke'],
    options: '--token TGI_ID',
    summary: 'End a token at once.',
    run: ingestTokensRevoke,
  },
  {
    words: ['usage', 'archive'],
    options: '[--day DAY] [--dry-run] [--json]',
    summary:
      'Move days of the ledger that are old enough, or the one given, to the archive; exit 1 when one must stay.',
    run: usageArchive,
  },
  {
    words: ['usage', 'reaggregate'],
    options: '--from INSTANT --to INSTANT [--json]',
    summary: 'Add events up anew and print each sum that says something else; exit 1 when one does. Changes nothing.',
    run: usageReaggregate,
  },
  {
    words: ['usage'],
    options: '--key KEY [--json]',
    summary: 'What a key has used: billed counts and request ids.',
    run: usage,
  },
  {
    words: ['period', 'close'],
    options: '[--at INSTANT|+DURATION] [--release-incomplete] [--json]',
    summary:
      'Close and invoice every period that has ended by INSTANT (default: now). A later one moves the clock there, with the payment sandbox.',
    run: periodClose,
  },
  {
    words: ['invoices', 'export'],
    options: '[--format csv|ndjson|xlsx] [--from INSTANT] [--to INSTANT]',
    summary:
      'Every line of every issued invoice to standard output; as ndjson whole invoices, as xlsx invoices, lines and credit notes.',
    run: invoicesExport,
  },
  {
    words: ['report'],
    options: `${reportNames.join('|')} [--format csv|ndjson|xlsx] [--from INSTANT] [--to INSTANT] [--at INSTANT]`,
    summary: 'A report over all organizations, to standard output (docs/guides/finance-exports.md).',
    run: report,
  },
  {
    words: ['accounts', 'list'],
    options: '[--json]',
    summary: 'The accounts of journal entries, with the numbers and names that finance has given them.',
    run: accountsList,
  },
  {
    words: ['accounts', 'name'],
    options: '--account KEY [--plan PRODUCT/PLAN] (--number TEXT --name TEXT | --reset)',
    summary: 'Give an account, or what of it is of one plan, a number and a name of your own chart, or take them back.',
    run: accountsName,
  },
  {
    words: ['rate'],
    options: '--cases FILE',
    summary: 'Rate published cases (docs/guides/command-line.md); prints one {id, amount} a line. Needs no database.',
    run: rate,
  },
  {
    words: ['plan', 'simulate'],
    options: '--plan PRODUCT/PLAN [-f FILE [--set NAME=VALUE]…] --from INSTANT --to INSTANT [--csv | --json]',
    summary:
      'Rate the closed periods of a plan’s subscribers again as if the plan were what FILE, or its draft (PRODUCT/PLAN@draft), says: revenue, winners, losers. Changes nothing.',
    run: planSimulate,
  },
  {
    words: ['plan', 'migrate'],
    options: '--plan PRODUCT/PLAN --notice-days N [--overrides keep|carry|end] [--json]',
    summary: 'Bring the subscribers of a plan’s other versions to the published one, with notice by mail.',
    run: planMigrate,
  },
  {
    words: ['sim'],
    options: '--scenario FILE [--months 1-120] [--json]',
    summary:
      'Live through months of customers in minutes, by the real services on a database of their own; prints the invoices, exit 1 when they are not proven.',
    run: sim,
  },
  {
    words: ['invoice', 'explain'],
    options: 'NUMBER|ID --line N [--csv | --json]',
    summary:
      'Go from a line of an invoice back to the calls behind it, and add them up; exit 1 when they are not its quantity.',
    run: invoiceExplain,
  },
  {
    words: ['invoice', 'export'],
    options: 'NUMBER|ID [--format json|ubl|pdf|csv|xlsx] [--credit-note NUMBER]',
    summary: 'One invoice as a file, or a credit note of it (ubl, pdf); ubl is the electronic invoice of EN 16931.',
    run: invoiceExport,
  },
  {
    words: ['invoice', 'void'],
    options: 'NUMBER|ID --reason TEXT [--reissue] [--preview] [--json]',
    summary: 'Withdraw an invoice that is not paid; --reissue makes another in its place, --preview changes nothing.',
    run: invoiceVoid,
  },
  {
    words: ['invoice', 'reissue'],
    options: 'NUMBER|ID [--preview] [--json]',
    summary: 'Make another invoice in the place of one that is void; it waits in review for a day at least.',
    run: invoiceReissue,
  },
  {
    words: ['invoice', 'rebuild'],
    options: 'NUMBER|ID [--json]',
    summary: 'Build an invoice whose collection is held anew at the payment provider; it is compared again first.',
    run: invoiceRebuild,
  },
  {
    words: ['invoice', 'uncollectible'],
    options: 'NUMBER|ID --reason TEXT [--preview] [--json]',
    summary: 'Give up an invoice that is past due; it can still be paid.',
    run: invoiceUncollectible,
  },
  {
    words: ['invoice', 'credit'],
    options: 'NUMBER|ID --reason TEXT [--line N[=MINOR]]… [--preview] [--json]',
    summary:
      'A credit note of all that is left of an invoice, or of lines of it; off what is due, the rest to the balance.',
    run: invoiceCredit,
  },
  {
    words: ['invoice', 'refund'],
    options: 'NUMBER|ID --reason TEXT [--line N[=MINOR]]… [--preview] [--json]',
    summary: 'Propose the same of a paid invoice with the money back to its card; a person of finance must approve it.',
    run: invoiceRefund,
  },
  {
    words: ['tax', 'rates', 'list'],
    options: '[--seller SLUG] [--json]',
    summary: 'What sellers charge of tax, rates that are over or to come too.',
    run: taxRatesList,
  },
  {
    words: ['tax', 'rates', 'add'],
    options:
      '--country CODE --name TEXT --from INSTANT [--percent N] [--category standard|reduced|…] [--region CODE] [--tax-id ID] [--note TEXT] [--to INSTANT] [--seller SLUG] [--preview] [--json]',
    summary:
      'Add a tax rate; invoices that are made from now on are taxed by it. --preview only says which would change.',
    run: taxRatesAdd,
  },
  {
    words: ['tax', 'rates', 'end'],
    options: 'ID (--at INSTANT | --never) [--preview] [--json]',
    summary:
      'End a tax rate, or let it go on; invoices that are made stay as they are. --preview only says which to come would change.',
    run: taxRatesEnd,
  },
  {
    words: ['tax', 'exempt'],
    options: '--organization ID (--reason TEXT | --end) [--json]',
    summary: 'Charge an organization no tax from now on, for a reason that its invoices print; --end takes that back.',
    run: taxExempt,
  },
  {
    words: ['invoices', 'issue'],
    options: '[--invoice ID]',
    summary: 'End the review of an invoice now; without ID issue all whose review has ended.',
    run: invoicesIssue,
  },
  {
    words: ['invoices', 'review'],
    options: '--organization ID [--hours 0-720]',
    summary: 'How long the invoices of an organization wait in review before they are issued; 0 for not at all.',
    run: invoicesReview,
  },
  {
    words: ['dunning', 'list'],
    options: '[--json]',
    summary: 'Invoices that are past due, with what follows by itself and when.',
    run: dunningList,
  },
  {
    words: ['dunning', 'pause'],
    options: '--organization ID --until INSTANT --reason TEXT',
    summary: 'Charge, mail and refuse nothing by itself until then; what was suspended for payment passes again.',
    run: dunningPause,
  },
  {
    words: ['dunning', 'resume'],
    options: '--organization ID',
    summary: 'End such a pause now.',
    run: dunningResume,
  },
  {
    words: ['webhooks', 'list'],
    options: '[--state waiting|failed|processed] [--json]',
    summary: 'The newest messages of the payment provider, and what became of them.',
    run: webhooksList,
  },
  {
    words: ['webhooks', 'replay'],
    options: 'EVENT',
    summary: 'Act on such a message once more; it is harmless.',
    run: webhooksReplay,
  },
  {
    words: ['credits', 'give'],
    options:
      '--organization ID --currency CODE --amount-minor N --reason TEXT [--expires INSTANT] [--priority 0-100] [--product SLUG [--meter SLUG]] [--seller SLUG]',
    summary: 'Give an organization prepaid credits; above CREDIT_GRANT_LIMIT they wait for a person of finance.',
    run: creditsGive,
  },
  {
    words: ['credits', 'list'],
    options: '--organization ID [--json]',
    summary: 'The prepaid credits of an organization, and what is left of them.',
    run: creditsList,
  },
  {
    words: ['credits', 'refuse'],
    options: '--proposal ID',
    summary: 'Take back credits that wait for approval.',
    run: creditsRefuse,
  },
  {
    words: ['verify'],
    options: '[--period YYYY-MM] [--no-provider] [--json]',
    summary:
      'Prove that journal, ledger, rollups, lines, invoices and payment provider agree; exit 1 names the first row that differs.',
    run: verify,
  },
  {
    words: ['journal', 'stat'],
    options: '[--folder FOLDER] [--file FILE]… [--json]',
    summary: 'What lies in the journal of the gateways here, file by file; exit 1 when something cannot be read.',
    run: journalStat,
  },
  {
    words: ['journal', 'cat'],
    options: '[--folder FOLDER] [--file FILE]… [--request ID]',
    summary: 'Its events, one JSON document a line, as the gateway wrote them.',
    run: journalCat,
  },
  {
    words: ['subscription', 'show'],
    options: 'ID [--json]',
    summary: 'Its plan, its state, and what comes next.',
    run: subscriptionShow,
  },
  {
    words: ['subscription', 'approve'],
    options: 'ID [--json]',
    summary: 'Let a subscription begin that waits for approval.',
    run: subscriptionApprove,
  },
  {
    words: ['subscription', 'refuse'],
    options: 'ID [--reason TEXT] [--json]',
    summary: 'Refuse one that waits for approval, for good.',
    run: subscriptionRefuse,
  },
  {
    words: ['subscription', 'change'],
    options: 'ID --plan PRODUCT/PLAN [--now | --period-end] [--preview] [--json]',
    summary:
      'Put it on another plan of its product: at once when the fee is higher, else with the next period. --preview only says what that would do. No card is asked for.',
    run: subscriptionChange,
  },
  {
    words: ['subscription', 'keep'],
    options: 'ID [--json]',
    summary: 'Take a change of plan back that has not taken effect.',
    run: subscriptionKeep,
  },
  {
    words: ['subscription', 'override'],
    options:
      'ID [-f TERMS] [--fixed-fee AMOUNT] [--quota NAME=N]… [--rate-limit NAME=N]… --reason TEXT [--now] [--preview] [--json]',
    summary:
      'Give it other limits or prices than its plan has, with the next period or at once. TERMS has fields of a plan; each takes the place of the plan’s. --preview only says what that would do.',
    run: subscriptionOverride,
  },
  {
    words: ['subscription', 'revoke-override'],
    options: 'ID [--now] [--json]',
    summary: 'Return it to the terms of its plan.',
    run: subscriptionRevokeOverride,
  },
  {
    words: ['subscription', 'overrides'],
    options: 'ID [--json]',
    summary: 'The terms of its own that it has or had, and why.',
    run: subscriptionOverrides,
  },
  {
    words: ['subscription', 'note'],
    options: 'ID [--text TEXT] [--json]',
    summary: 'Write a note about it that its organization does not see; without a text, print those there are.',
    run: subscriptionNote,
  },
  {
    words: ['subscription', 'cancel'],
    options: 'ID [--now] [--preview] [--json]',
    summary: 'End it with its period, or at once. --preview only says what that would do.',
    run: subscriptionCancel,
  },
  {
    words: ['subscription', 'reactivate'],
    options: 'ID [--json]',
    summary: 'Take a cancellation back that has not taken effect.',
    run: subscriptionReactivate,
  },
  {
    words: ['subscription', 'suspend'],
    options: 'ID [--reason TEXT]',
    summary: 'Refuse the calls of a subscription until it is paid for; its keys stay as they are.',
    run: subscriptionSuspend,
  },
  {
    words: ['subscription', 'restore'],
    options: 'ID [--reason TEXT]',
    summary: 'Let the calls of a suspended subscription pass again.',
    run: subscriptionRestore,
  },
  {
    words: ['members', 'list'],
    options: '--organization ID [--json]',
    summary: 'The members of an organization, and their roles.',
    run: membersList,
  },
  {
    words: ['members', 'invite'],
    options: '--organization ID --email ADDRESS --role owner|admin|developer|billing [--json]',
    summary: 'Print the link of an invitation, which works once, for seven days; sends no mail.',
    run: membersInvite,
  },
  {
    words: ['members', 'role'],
    options: '--organization ID --email ADDRESS --role owner|admin|developer|billing',
    summary: 'Give a member another role; the last owner stays one.',
    run: membersRole,
  },
  {
    words: ['members', 'remove'],
    options: '--organization ID --email ADDRESS',
    summary: 'Take a member out of an organization; their account stays.',
    run: membersRemove,
  },
  {
    words: ['organization', 'suspend'],
    options: 'ID [--reason TEXT]',
    summary: 'Refuse the calls of all applications of an organization; keys and subscriptions stay as they are.',
    run: organizationSuspend,
  },
  {
    words: ['organization', 'restore'],
    options: 'ID [--reason TEXT]',
    summary: 'Let the calls of a suspended organization pass again.',
    run: organizationRestore,
  },
  {
    words: ['organization', 'terms'],
    options: 'ID --method card|transfer [--net-days N]',
    summary: 'How an organization pays the invoices that are issued from now on.',
    run: organizationTerms,
  },
  {
    words: ['transfers', 'record'],
    options:
      '(--invoice NUMBER | --organization ID [--seller SLUG]) --currency CODE --amount-minor N --date DAY --reference TEXT [--sender TEXT] [--insist]',
    summary: 'Record a transfer that has arrived; what no invoice needs goes to the balance.',
    run: transfersRecord,
  },
  {
    words: ['transfers', 'reverse'],
    options: '--transfer ID --reason TEXT',
    summary: 'Take back a transfer that was recorded wrongly.',
    run: transfersReverse,
  },
  {
    words: ['transfers', 'import'],
    options: '-f FILE [--seller SLUG] [--json]',
    summary: 'Import a bank statement (CSV: date, amount, currency, reference, sender); all or nothing, no row twice.',
    run: transfersImport,
  },
  {
    words: ['transfers', 'list'],
    options: '[--organization ID] [--json]',
    summary: 'The newest recorded transfers.',
    run: transfersList,
  },
  {
    words: ['leases', 'list'],
    options: '[--json]',
    summary: 'Which gateway holds units of quotas and spending caps.',
    run: leasesList,
  },
  {
    words: ['leases', 'write-off'],
    options: '--gateway ID [--reason TEXT] [--json]',
    summary: 'Free what a gateway holds that never comes back; its journal counts as lost.',
    run: leasesWriteOff,
  },
  {
    words: ['quota', 'rebuild'],
    options: '[--subscription ID] [--json]',
    summary: 'Make the used units of hard quotas what the ledger says, in the periods under way.',
    run: quotaRebuild,
  },
  {
    words: ['api'],
    options: 'METHOD PATH [--data JSON|@FILE]',
    summary:
      'Call the control-plane API at PORTAL_URL with the personal access token in TOLLGATE_TOKEN. Needs no database.',
    run: api,
  },
  {
    words: ['staff', 'grant'],
    options: '--email ADDRESS (--role finance|operator|admin | --team SLUG)',
    summary: 'Give a signed-up person a role.',
    run: staffGrant,
  },
  {
    words: ['staff', 'revoke'],
    options: '--email ADDRESS (--role finance|operator|admin | --team SLUG)',
    summary: 'Take a role away, from the next request on.',
    run: staffRevoke,
  },
  {
    words: ['user', 'reset-second-factor'],
    options: 'EMAIL --reason TEXT',
    summary: 'Turn two-factor authentication off for somebody who has lost it; ends their sessions and tells them.',
    run: userResetSecondFactor,
  },
  {
    words: ['secrets', 'rotate'],
    options: '',
    summary: 'Seal stored secrets again with the first of ENCRYPTION_KEYS.',
    run: secretsRotate,
  },
  {
    words: ['signing-key', 'rotate'],
    options: '[--algorithm EdDSA|ES256] [--lead 10m | --revoke-others] [--json]',
    summary:
      'Make a new key for tokens to upstreams; it is published at once and signs after the lead. Others are revoked when they have leaked.',
    run: signingKeyRotate,
  },
];

/** The help text. */
export function usageText(): string {
  const rows = commands.map(
    ({ words, options, summary }) => `  ${[...words, options].join(' ').trimEnd()}\n      ${summary}`,
  );
  return `tollgate: the command line of Tollgate\n\n${rows.join('\n')}\n\nExit codes: 0 done, 1 the answer is no, 2 wrong command line or settings, 3 refused, 4 not reachable.\n`;
}
