import { rebuildQuotas } from '#services';
import { parseOptions } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate quota rebuild`: makes the used units of hard quotas what the ledger says. */
export async function quotaRebuild(words: readonly string[]): Promise<number> {
  const { subscription: subscriptionId, json } = parseOptions(words, {
    subscription: { type: 'string' },
    json: { type: 'boolean' },
  });
  const changed = await withSession(({ context }) => rebuildQuotas(context, { subscriptionId, actor: CLI_ACTOR }));
  if (json) {
    await printJson(changed);
    return EXIT.ok;
  }
  const lines = changed.map(
    ({ subscriptionId: id, meter, periodStart, before, after }) =>
      `${id}  ${meter} from ${periodStart.toISOString()}: ${before} -> ${after} units used\n`,
  );
  await print(lines.join('') || 'Every quota is what the ledger says.\n');
  return EXIT.ok;
}
