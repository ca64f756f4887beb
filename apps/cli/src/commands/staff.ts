import { grantStaff } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate staff grant`: makes a signed-up person finance, operator, or a member of a publisher team. */
export async function staffGrant(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    email: { type: 'string' },
    role: { type: 'string' },
    team: { type: 'string' },
  });
  const email = required(options.email, '--email');
  const grant = grantFrom(options.role, options.team);
  const granted = await withSession(({ context }) => grantStaff(context, { email, grant, actor: CLI_ACTOR }));
  const what = 'role' in grant ? `the role ${grant.role}` : `a place in team ${grant.team}`;
  remark(granted ? `${email} has ${what} now.` : `${email} already had ${what}.`);
  return EXIT.ok;
}

function grantFrom(role: string | undefined, team: string | undefined) {
  if (role !== undefined && team === undefined && (role === 'finance' || role === 'operator')) return { role } as const;
  if (team !== undefined && role === undefined) return { team };
  throw new UsageError('Give one of --role finance, --role operator, --team SLUG');
}
