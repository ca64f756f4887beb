import { formatMoney } from '#domain';
import {
  type ServiceContext,
  type Withdrawal,
  findInvoice,
  findInvoiceId,
  markUncollectible,
  previewWithdrawal,
  rebuildCollection,
  reissueInvoice,
  voidInvoice,
} from '#services';
import { invoiceWord, parseOptions, required } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate invoice void`: withdraws an unpaid invoice; `--reissue` makes another in its place, `--preview` changes nothing. */
export async function invoiceVoid([word, ...rest]: readonly string[]): Promise<number> {
  const named = invoiceWord(word);
  const options = parseOptions(rest, { ...shared, reason: { type: 'string' }, reissue: { type: 'boolean' } });
  if (options.preview) return preview(named, 'void', options.json);
  const reason = required(options.reason, '--reason TEXT');
  return withSession(async ({ context }) => {
    const invoiceId = await findInvoiceId(context, named);
    const reissue = options.reissue ?? false;
    return show(
      context,
      invoiceId,
      await voidInvoice(context, { invoiceId, reason, reissue, actor: CLI_ACTOR }),
      options,
    );
  });
}

/** `tollgate invoice reissue`: makes another invoice in the place of one that is void. */
export async function invoiceReissue([word, ...rest]: readonly string[]): Promise<number> {
  const named = invoiceWord(word);
  const options = parseOptions(rest, shared);
  if (options.preview) return preview(named, 'reissue', options.json);
  return withSession(async ({ context }) => {
    const invoiceId = await findInvoiceId(context, named);
    return show(context, invoiceId, await reissueInvoice(context, { invoiceId, actor: CLI_ACTOR }), options);
  });
}

/** `tollgate invoice uncollectible`: gives up an invoice that is past due. */
export async function invoiceUncollectible([word, ...rest]: readonly string[]): Promise<number> {
  const named = invoiceWord(word);
  const options = parseOptions(rest, { ...shared, reason: { type: 'string' } });
  if (options.preview) return preview(named, 'uncollectible', options.json);
  const reason = required(options.reason, '--reason TEXT');
  return withSession(async ({ context }) => {
    const invoiceId = await findInvoiceId(context, named);
    await markUncollectible(context, { invoiceId, reason, actor: CLI_ACTOR });
    return show(context, invoiceId, null, options);
  });
}

/** `tollgate invoice rebuild`: has an invoice that is held built anew at the payment provider, where it is compared again. */
export async function invoiceRebuild([word, ...rest]: readonly string[]): Promise<number> {
  const named = invoiceWord(word);
  const { json } = parseOptions(rest, { json: { type: 'boolean' } });
  return withSession(async ({ context }) => {
    const invoiceId = await findInvoiceId(context, named);
    await rebuildCollection(context, { invoiceId, actor: CLI_ACTOR });
    const { number, state, generation } = await findInvoice(context, { invoiceId });
    if (json) await printJson({ invoiceId, number, state, generation });
    else await print(`Invoice ${number ?? invoiceId} is built anew at the payment provider.\n`);
    return EXIT.ok;
  });
}

const shared = { preview: { type: 'boolean' }, json: { type: 'boolean' } } as const;

async function show(
  context: ServiceContext,
  invoiceId: string,
  replacementId: string | null,
  { json }: { readonly json?: boolean | undefined },
): Promise<number> {
  const { number, state } = await findInvoice(context, { invoiceId });
  if (json) await printJson({ invoiceId, number, state, replacementId });
  else {
    await print(`Invoice ${number ?? invoiceId} is ${words[state] ?? state}.\n`);
    if (replacementId !== null)
      await print(
        `Invoice ${replacementId} was made in its place and waits in review: invoices issue --invoice ID ends that.\n`,
      );
  }
  return EXIT.ok;
}

const words: Readonly<Record<string, string>> = { uncollectible: 'given up' };

async function preview(named: string, withdrawal: Withdrawal, json: boolean | undefined): Promise<number> {
  const found = await withSession(async ({ context }) =>
    previewWithdrawal(context, { invoiceId: await findInvoiceId(context, named), withdrawal }),
  );
  if (json) {
    await printJson(found);
    return EXIT.ok;
  }
  const { number, state, currency, totalMinor, dueMinor, returnedMinor } = found;
  await print(`Invoice ${number ?? found.invoiceId} over ${formatMoney(totalMinor, currency)} is ${state}.\n`);
  await print(`${consequences[withdrawal]}\n`);
  if (dueMinor > 0n) await print(`Not asked for any more: ${formatMoney(dueMinor, currency)}.\n`);
  if (returnedMinor > 0n) await print(`To the balance: ${formatMoney(returnedMinor, currency)}.\n`);
  return EXIT.ok;
}

const consequences: Readonly<Record<Withdrawal, string>> = {
  void: 'It would be void for good, and keep its number.',
  reissue: 'Another invoice of its period would be made, and wait in review for a day at least.',
  uncollectible: 'It would be given up: it is still owed, and can be paid later.',
};
