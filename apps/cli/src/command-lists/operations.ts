import type { Command } from '../command.js';

/** Commands of the installation and of the people who run it. */
export const operationCommands: readonly Command[] = [
  {
    words: ['settings'],
    options: '[--find TEXT] [--changed] [--differ] [--json]',
    summary:
      'With which settings the processes run: what is not the default (--changed), where processes of one kind differ (--differ).',
    run: async (words) => (await import('../commands/settings.js')).settings(words),
  },
  {
    words: ['leases', 'list'],
    options: '[--json]',
    summary: 'Which gateway holds units of quotas and spending caps.',
    run: async (words) => (await import('../commands/leases.js')).leasesList(words),
  },
  {
    words: ['leases', 'write-off'],
    options: '--gateway ID [--reason TEXT] [--json]',
    summary: 'Free what a gateway holds that never comes back; its journal counts as lost.',
    run: async (words) => (await import('../commands/leases.js')).leasesWriteOff(words),
  },
  {
    words: ['quota', 'rebuild'],
    options: '[--subscription ID] [--json]',
    summary: 'Make the used units of hard quotas what the ledger says, in the periods under way.',
    run: async (words) => (await import('../commands/quota.js')).quotaRebuild(words),
  },
  {
    words: ['api'],
    options: 'METHOD PATH [--data JSON|@FILE] [--if-match ETAG]',
    summary:
      'Call the control-plane API at PORTAL_URL with the personal access token in TOLLGATE_TOKEN. Needs no database.',
    run: async (words) => (await import('../commands/api.js')).api(words),
  },
  {
    words: ['staff', 'grant'],
    options: '--email ADDRESS (--role finance|operator|admin | --team SLUG)',
    summary: 'Give a signed-up person a role.',
    run: async (words) => (await import('../commands/staff.js')).staffGrant(words),
  },
  {
    words: ['staff', 'revoke'],
    options: '--email ADDRESS (--role finance|operator|admin | --team SLUG)',
    summary: 'Take a role away, from the next request on.',
    run: async (words) => (await import('../commands/staff.js')).staffRevoke(words),
  },
  {
    words: ['user', 'reset-second-factor'],
    options: 'EMAIL --reason TEXT',
    summary: 'Turn two-factor authentication off for somebody who has lost it; ends their sessions and tells them.',
    run: async (words) => (await import('../commands/user.js')).userResetSecondFactor(words),
  },
  {
    words: ['secrets', 'rotate'],
    options: '',
    summary: 'Seal stored secrets again with the first of ENCRYPTION_KEYS.',
    run: async (words) => (await import('../commands/secrets.js')).secretsRotate(words),
  },
  {
    words: ['signing-key', 'rotate'],
    options: '[--algorithm EdDSA|ES256] [--lead 10m | --revoke-others] [--json]',
    summary:
      'Make a new key for tokens to upstreams; it is published at once and signs after the lead. Others are revoked when they have leaked.',
    run: async (words) => (await import('../commands/signing-key.js')).signingKeyRotate(words),
  },
];
