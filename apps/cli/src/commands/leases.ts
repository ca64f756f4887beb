import { microToDecimal } from '#domain';
import { listOpenLeases, writeOffLeases } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate leases list`: which gateway holds units of quotas and spending caps. */
export async function leasesList(words: readonly string[]): Promise<number> {
  const { json } = parseOptions(words, { json: { type: 'boolean' } });
  const held = await withSession(({ context }) => listOpenLeases(context));
  if (json) {
    await printJson(held);
    return EXIT.ok;
  }
  const lines = held.map(
    ({ gatewayId, state, heartbeatAt, quotaLeases, quotaUnits, moneyLeases, moneyUnits }) =>
      `${gatewayId}  ${state ?? 'unknown'}, heard of ${heartbeatAt?.toISOString() ?? 'never'}  ` +
      `quotas: ${quotaUnits} units in ${quotaLeases}  caps: ${moneyUnits} units in ${moneyLeases}\n`,
  );
  await print(lines.join('') || 'No gateway holds a lease.\n');
  return EXIT.ok;
}

/** `tollgate leases write-off`: frees what a gateway holds that never comes back. */
export async function leasesWriteOff(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    gateway: { type: 'string' },
    reason: { type: 'string' },
    json: { type: 'boolean' },
  });
  const gatewayId = required(options.gateway, '--gateway');
  const reason = options.reason ?? null;
  const written = await withSession(({ context }) => writeOffLeases(context, { gatewayId, reason, actor: CLI_ACTOR }));
  if (options.json) {
    await printJson(written);
    return EXIT.ok;
  }
  const { quota, money } = written;
  await print(
    `Gateway ${gatewayId} is written off.\n` +
      `quotas: ${quota.count} leases ended, ${quota.used} of ${quota.granted} units used\n` +
      `caps: ${money.count} leases ended, ${microToDecimal(money.used)} of ${microToDecimal(money.granted)} units used\n`,
  );
  return EXIT.ok;
}
