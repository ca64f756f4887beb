import type { Command } from '../command.js';
import { api } from '../commands/api.js';
import { leasesList, leasesWriteOff } from '../commands/leases.js';
import { quotaRebuild } from '../commands/quota.js';
import { secretsRotate } from '../commands/secrets.js';
import { signingKeyRotate } from '../commands/signing-key.js';
import { staffGrant, staffRevoke } from '../commands/staff.js';
import { userResetSecondFactor } from '../commands/user.js';

/** Commands of the installation and of the people who run it. */
export const operationCommands: readonly Command[] = [
  {
    words: ['leases', 'list'],
    options: '[--json]',
    summary: 'Which gateway holds units of quotas and spending caps.',
    run: leasesList,
  },
  {
    words: ['leases', 'write-off'],
    options: '--gateway ID [--reason TEXT] [--json]',
    summary: 'Free what a gateway holds that never comes back; its journal counts as lost.',
    run: leasesWriteOff,
  },
  {
    words: ['quota', 'rebuild'],
    options: '[--subscription ID] [--json]',
    summary: 'Make the used units of hard quotas what the ledger says, in the periods under way.',
    run: quotaRebuild,
  },
  {
    words: ['api'],
    options: 'METHOD PATH [--data JSON|@FILE] [--if-match ETAG]',
    summary:
      'Call the control-plane API at PORTAL_URL with the personal access token in TOLLGATE_TOKEN. Needs no database.',
    run: api,
  },
  {
    words: ['staff', 'grant'],
    options: '--email ADDRESS (--role finance|operator|admin | --team SLUG)',
    summary: 'Give a signed-up person a role.',
    run: staffGrant,
  },
  {
    words: ['staff', 'revoke'],
    options: '--email ADDRESS (--role finance|operator|admin | --team SLUG)',
    summary: 'Take a role away, from the next request on.',
    run: staffRevoke,
  },
  {
    words: ['user', 'reset-second-factor'],
    options: 'EMAIL --reason TEXT',
    summary: 'Turn two-factor authentication off for somebody who has lost it; ends their sessions and tells them.',
    run: userResetSecondFactor,
  },
  {
    words: ['secrets', 'rotate'],
    options: '',
    summary: 'Seal stored secrets again with the first of ENCRYPTION_KEYS.',
    run: secretsRotate,
  },
  {
    words: ['signing-key', 'rotate'],
    options: '[--algorithm EdDSA|ES256] [--lead 10m | --revoke-others] [--json]',
    summary:
      'Make a new key for tokens to upstreams; it is published at once and signs after the lead. Others are revoked when they have leaked.',
    run: signingKeyRotate,
  },
];
