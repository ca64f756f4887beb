import type { SuspensionReason } from '#domain';
import { suspendSubscription } from '#services';
import { parseOptions, subscriptionId } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate subscription suspend`: its calls are refused until it is restored; its keys stay as they are. */
export function subscriptionSuspend(words: readonly string[]): Promise<number> {
  return change(words, true);
}

/** `tollgate subscription restore`: its calls pass again, with the same keys, when nothing else suspends it. */
export function subscriptionRestore(words: readonly string[]): Promise<number> {
  return change(words, false);
}

async function change(words: readonly string[], isSuspended: boolean): Promise<number> {
  const [word, ...rest] = words;
  const id = subscriptionId(word);
  const options = parseOptions(rest, { reason: { type: 'string' }, for: { type: 'string', default: 'operator' } });
  const reason = suspensionReason(options.for);
  const note = options.reason ?? null;
  const { hasChanged, suspendedFor } = await withSession(({ context }) =>
    suspendSubscription(context, { subscriptionId: id, reason, isSuspended, note, actor: CLI_ACTOR }),
  );
  const done = isSuspended ? 'suspended' : 'restored';
  await print(`Subscription ${id} ${hasChanged ? 'is' : 'was already'} ${done}.\n`);
  if (!isSuspended && suspendedFor.length > 0) {
    await print(`Its calls are still refused: ${suspendedFor.map((left) => remedies[left]).join('; ')}.\n`);
  }
  return EXIT.ok;
}

/** What lets calls pass that are refused for something else. */
const remedies: Readonly<Record<SuspensionReason, string>> = {
  operator: 'restore it with --for operator',
  publisher: 'the publisher of the product resumes it on its page, or restore it with --for publisher',
  payment: 'something is owed, or restore it with --for payment',
  trial_ended: 'the trial has ended, so its owner saves a card and goes on',
};

function suspensionReason(word: string): 'operator' | 'publisher' | 'payment' {
  if (word === 'operator' || word === 'publisher' || word === 'payment') return word;
  throw new UsageError(`--for ${word}: expected operator, publisher or payment`);
}
