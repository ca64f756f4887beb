import type { Command } from '../command.js';

/** Commands of subscriptions. */
export const subscriptionCommands: readonly Command[] = [
  {
    words: ['subscription', 'list'],
    options: '--organization NAME [--json]',
    summary: 'The subscriptions of an organization, with their ids.',
    run: async (words) => (await import('../commands/subscription-list.js')).subscriptionList(words),
  },
  {
    words: ['subscription', 'show'],
    options: 'ID [--json]',
    summary: 'Its plan, its state, and what comes next.',
    run: async (words) => (await import('../commands/subscription-life.js')).subscriptionShow(words),
  },
  {
    words: ['subscription', 'approve'],
    options: 'ID [--json]',
    summary: 'Let a subscription begin that waits for approval.',
    run: async (words) => (await import('../commands/subscription-life.js')).subscriptionApprove(words),
  },
  {
    words: ['subscription', 'refuse'],
    options: 'ID [--reason TEXT] [--json]',
    summary: 'Refuse one that waits for approval, for good; a mail tells the organization, with the reason.',
    run: async (words) => (await import('../commands/subscription-life.js')).subscriptionRefuse(words),
  },
  {
    words: ['subscription', 'change'],
    options: 'ID --plan PRODUCT/PLAN [--now | --period-end] [--preview] [--json]',
    summary:
      'Put it on another plan of its product: at once when the fee is higher, else with the next period. --preview only says what that would do. No card is asked for.',
    run: async (words) => (await import('../commands/subscription-life.js')).subscriptionChange(words),
  },
  {
    words: ['subscription', 'keep'],
    options: 'ID [--json]',
    summary: 'Take a change of plan back that has not taken effect.',
    run: async (words) => (await import('../commands/subscription-life.js')).subscriptionKeep(words),
  },
  {
    words: ['subscription', 'override'],
    options:
      'ID [-f TERMS] [--fixed-fee AMOUNT] [--quota NAME=N]… [--rate-limit NAME=N]… --reason TEXT [--now] [--preview] [--json]',
    summary:
      'Give it other limits or prices than its plan has, with the next period or at once. TERMS has fields of a plan; each takes the place of the plan’s. --preview only says what that would do.',
    run: async (words) => (await import('../commands/subscription-override.js')).subscriptionOverride(words),
  },
  {
    words: ['subscription', 'revoke-override'],
    options: 'ID [--now] [--json]',
    summary: 'Return it to the terms of its plan.',
    run: async (words) => (await import('../commands/subscription-override.js')).subscriptionRevokeOverride(words),
  },
  {
    words: ['subscription', 'overrides'],
    options: 'ID [--json]',
    summary: 'The terms of its own that it has or had, and why.',
    run: async (words) => (await import('../commands/subscription-override.js')).subscriptionOverrides(words),
  },
  {
    words: ['subscription', 'note'],
    options: 'ID [--text TEXT] [--json]',
    summary: 'Write a note about it that its organization does not see; without a text, print those there are.',
    run: async (words) => (await import('../commands/subscription-override.js')).subscriptionNote(words),
  },
  {
    words: ['subscription', 'cancel'],
    options: 'ID [--now] [--preview] [--json]',
    summary: 'End it with its period, or at once. --preview only says what that would do.',
    run: async (words) => (await import('../commands/subscription-life.js')).subscriptionCancel(words),
  },
  {
    words: ['subscription', 'reactivate'],
    options: 'ID [--json]',
    summary: 'Take a cancellation back that has not taken effect.',
    run: async (words) => (await import('../commands/subscription-life.js')).subscriptionReactivate(words),
  },
  {
    words: ['subscription', 'suspend'],
    options: 'ID [--for operator|publisher|payment] [--reason TEXT]',
    summary: 'Refuse the calls of a subscription until it is restored; its keys stay as they are.',
    run: async (words) => (await import('../commands/subscription.js')).subscriptionSuspend(words),
  },
  {
    words: ['subscription', 'restore'],
    options: 'ID [--for operator|publisher|payment] [--reason TEXT]',
    summary: 'Lift a reason for which a subscription is suspended; its calls pass when no other is left.',
    run: async (words) => (await import('../commands/subscription.js')).subscriptionRestore(words),
  },
];
