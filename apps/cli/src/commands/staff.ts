import { STAFF_ROLES, type StaffRole } from '#domain';
import { type StaffGrant, grantStaff, revokeStaff } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate staff grant`: makes a signed-up person finance, operator, admin, or a member of a publisher team. */
export async function staffGrant(words: readonly string[]): Promise<number> {
  const { email, grant } = readOptions(words);
  const granted = await withSession(({ context }) => grantStaff(context, { email, grant, actor: CLI_ACTOR }));
  remark(granted ? `${email} has ${nameOf(grant)} now.` : `${email} already had ${nameOf(grant)}.`);
  return EXIT.ok;
}

/** `tollgate staff revoke`: takes such a role or place away. */
export async function staffRevoke(words: readonly string[]): Promise<number> {
  const { email, grant } = readOptions(words);
  const revoked = await withSession(({ context }) => revokeStaff(context, { email, grant, actor: CLI_ACTOR }));
  remark(revoked ? `${email} has ${nameOf(grant)} no more.` : `${email} did not have ${nameOf(grant)}.`);
  return EXIT.ok;
}

function readOptions(words: readonly string[]): { readonly email: string; readonly grant: StaffGrant } {
  const options = parseOptions(words, {
    email: { type: 'string' },
    role: { type: 'string' },
    team: { type: 'string' },
  });
  return { email: required(options.email, '--email'), grant: grantFrom(options.role, options.team) };
}

function nameOf(grant: StaffGrant): string {
  return 'role' in grant ? `the role ${grant.role}` : `a place in team ${grant.team}`;
}

function isStaffRole(role: string | undefined): role is StaffRole {
  return (STAFF_ROLES as readonly (string | undefined)[]).includes(role);
}

function grantFrom(role: string | undefined, team: string | undefined): StaffGrant {
  if (team === undefined && isStaffRole(role)) return { role };
  if (team !== undefined && role === undefined) return { team };
  throw new UsageError('Give one of --role finance, --role operator, --role admin, --team SLUG');
}
