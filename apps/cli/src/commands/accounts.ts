import { nameAccount, readChartOfAccounts } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate accounts list`: the chart of accounts of journal entries. */
export async function accountsList(words: readonly string[]): Promise<number> {
  const { json } = parseOptions(words, { json: { type: 'boolean' } });
  const accounts = await withSession(({ context }) => readChartOfAccounts(context));
  if (json) await printJson(accounts);
  else
    for (const { account, plan, number, name } of accounts)
      await print(`${account.padEnd(28)} ${(plan ?? '').padEnd(20)} ${number.padEnd(10)} ${name}\n`);
  return EXIT.ok;
}

/** `tollgate accounts name`: an account in finance's own chart. */
export async function accountsName(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    account: { type: 'string' },
    plan: { type: 'string' },
    number: { type: 'string' },
    name: { type: 'string' },
    reset: { type: 'boolean' },
  });
  const account = required(options.account, '--account');
  if (options.reset && (options.number ?? options.name) !== undefined)
    throw new UsageError('--reset takes no --number and no --name');
  const named = options.reset
    ? null
    : { number: required(options.number, '--number'), name: required(options.name, '--name') };
  await withSession(({ context }) =>
    nameAccount(context, { account, plan: options.plan ?? null, named, actor: CLI_ACTOR }),
  );
  const whose = options.plan === undefined ? account : `${account} of ${options.plan}`;
  remark(named ? `${whose} is ${named.number} ${named.name} now.` : `${whose} is named as at first.`);
  return EXIT.ok;
}
