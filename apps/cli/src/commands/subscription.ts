import type { PaymentState } from '#domain';
import { setPaymentState } from '#services';
import { parseOptions, subscriptionId } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate subscription suspend`: its calls are refused until it is restored; its keys stay as they are. */
export function subscriptionSuspend(words: readonly string[]): Promise<number> {
  return change(words, 'suspended', 'suspended');
}

/** `tollgate subscription restore`: its calls pass again, with the same keys. */
export function subscriptionRestore(words: readonly string[]): Promise<number> {
  return change(words, 'current', 'restored');
}

async function change(words: readonly string[], paymentState: PaymentState, done: string): Promise<number> {
  const [word, ...rest] = words;
  const id = subscriptionId(word);
  const { reason = null } = parseOptions(rest, { reason: { type: 'string' } });
  const hasChanged = await withSession(({ context }) =>
    setPaymentState(context, { subscriptionId: id, paymentState, reason, actor: CLI_ACTOR }),
  );
  await print(`Subscription ${id} ${hasChanged ? 'is' : 'was already'} ${done}.\n`);
  return EXIT.ok;
}
