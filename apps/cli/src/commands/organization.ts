import { suspendOrganization } from '#services';
import { parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate organization suspend`: the calls of all its applications are refused until it is restored. */
export function organizationSuspend(words: readonly string[]): Promise<number> {
  return change(words, true);
}

/** `tollgate organization restore`: its calls pass again, with the same keys. */
export function organizationRestore(words: readonly string[]): Promise<number> {
  return change(words, false);
}

async function change(words: readonly string[], isSuspended: boolean): Promise<number> {
  const [organizationId, ...rest] = words;
  if (organizationId === undefined || !/^[0-9a-f-]{36}$/i.test(organizationId)) {
    throw new UsageError('expected the id of an organization');
  }
  const { reason = null } = parseOptions(rest, { reason: { type: 'string' } });
  const hasChanged = await withSession(({ context }) =>
    suspendOrganization(context, { organizationId, isSuspended, reason, actor: CLI_ACTOR }),
  );
  const done = isSuspended ? 'suspended' : 'restored';
  await print(`Organization ${organizationId} ${hasChanged ? 'is' : 'was already'} ${done}.\n`);
  return EXIT.ok;
}
