import fs from 'node:fs/promises';
import path from 'node:path';
import { formatMoney } from '#domain';
import {
  findInvoiceId,
  findOrganizationId,
  importStatement,
  listTransfers,
  recordTransfer,
  reverseTransfer,
} from '#services';
import { idFrom, parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate transfers record`: a transfer that has arrived, for an invoice or for an organization. */
export async function transfersRecord(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    invoice: { type: 'string' },
    organization: { type: 'string' },
    seller: { type: 'string' },
    currency: { type: 'string' },
    'amount-minor': { type: 'string' },
    date: { type: 'string' },
    reference: { type: 'string' },
    sender: { type: 'string' },
    insist: { type: 'boolean', default: false },
  });
  const { invoice, organization, seller } = options;
  if ((invoice === undefined) === (organization === undefined))
    throw new UsageError('give either --invoice NUMBER or --organization NAME');
  const amount = required(options['amount-minor'], '--amount-minor');
  if (!/^[0-9]{1,16}$/.test(amount))
    throw new UsageError('--amount-minor: expected whole minor units of the currency, such as 1250 for 12.50 EUR');
  const recorded = await withSession(async ({ context }) =>
    recordTransfer(context, {
      pays:
        organization === undefined
          ? { invoiceId: await findInvoiceId(context, invoice!) }
          : { organizationId: await findOrganizationId(context, organization), sellerSlug: seller },
      currency: required(options.currency, '--currency'),
      amountMinor: BigInt(amount),
      valueDate: required(options.date, '--date'),
      reference: required(options.reference, '--reference'),
      sender: options.sender ?? '',
      insist: options.insist === true,
      actor: CLI_ACTOR,
    }),
  );
  const money = (amountMinor: bigint) => formatMoney(amountMinor, recorded.currency);
  for (const { invoiceId, amountMinor } of recorded.payments)
    await print(`${money(amountMinor)} for invoice ${invoiceId}\n`);
  if (recorded.keptMinor > 0n) await print(`${money(recorded.keptMinor)} kept in the balance\n`);
  await print(`recorded ${recorded.id}\n`);
  return EXIT.ok;
}

/** `tollgate transfers reverse`: takes back one that was recorded wrongly. */
export async function transfersReverse(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { transfer: { type: 'string' }, reason: { type: 'string' } });
  const transferId = idFrom(options.transfer, '--transfer');
  const reason = required(options.reason, '--reason');
  const id = await withSession(({ context }) => reverseTransfer(context, { transferId, reason, actor: CLI_ACTOR }));
  await print(`taken back by ${id}\n`);
  return EXIT.ok;
}

/** `tollgate transfers import`: a bank statement as CSV; all of it or nothing, and no row twice. */
export async function transfersImport(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    file: { type: 'string', short: 'f' },
    seller: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const file = required(options.file, '-f FILE');
  const content = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code})`);
  });
  const imported = await withSession(({ context }) =>
    importStatement(context, {
      sellerSlug: options.seller,
      fileName: path.basename(file),
      content,
      actor: CLI_ACTOR,
    }),
  );
  if (options.json) {
    await printJson(imported);
    return EXIT.ok;
  }
  const { recorded, unmatched, known, outgoing } = imported;
  for (const { line, invoiceNumber } of recorded) await print(`line ${line}: pays ${invoiceNumber}\n`);
  for (const { line, problem } of unmatched) await print(`line ${line}: waits for a person. ${problem}\n`);
  await print(`${recorded.length} recorded, ${unmatched.length} unmatched, ${known} known, ${outgoing} outgoing\n`);
  return EXIT.ok;
}

/** `tollgate transfers list`: the newest recorded transfers. */
export async function transfersList(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { organization: { type: 'string' }, json: { type: 'boolean', default: false } });
  const { organization } = options;
  const transfers = await withSession(async ({ context }) =>
    listTransfers(context, {
      organizationId: organization === undefined ? undefined : await findOrganizationId(context, organization),
    }),
  );
  if (options.json) {
    await printJson(transfers);
    return EXIT.ok;
  }
  for (const { id, valueDate, amountMinor, currency, organizationName, reference, reversedById } of transfers) {
    const state = reversedById === null ? '' : '  taken back';
    await print(
      `${id}  ${valueDate}  ${formatMoney(amountMinor, currency)}  ${organizationName}  ${reference}${state}\n`,
    );
  }
  if (transfers.length === 0) await print('no transfers\n');
  return EXIT.ok;
}
