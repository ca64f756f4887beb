import { secondFactorResetMail } from '#mail';
import { resetSecondFactor } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate user reset-second-factor`: for somebody who has lost theirs, or after AUTH_SECRET has changed. */
export async function userResetSecondFactor([email, ...rest]: readonly string[]): Promise<number> {
  if (email === undefined || !email.includes('@')) throw new UsageError('expected the e-mail address of an account');
  const options = parseOptions(rest, { reason: { type: 'string' } });
  const reason = required(options.reason, '--reason');
  await withSession(({ context, settings }) =>
    resetSecondFactor(context, {
      person: { email },
      reason,
      actor: CLI_ACTOR,
      writeNotice: (user) => ({
        to: user.email,
        ...secondFactorResetMail({
          name: user.name,
          portalUrl: settings.PORTAL_URL,
          portalName: settings.PORTAL_NAME,
        }),
      }),
    }),
  );
  remark(`${email} signs in with the password alone now; all sessions have ended, and a mail says so.`);
  return EXIT.ok;
}
