import { MEMBERSHIP_ROLES, type MembershipRole } from '#domain';
import { changeMemberRole, findOrganizationId, inviteMember, listMembers, removeMember } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { CLI_ACTOR, type Session, withSession } from '../session.js';

type Member = Awaited<ReturnType<typeof listMembers>>['members'][number];

const PAGE = 200;
const MANAGER = { userId: null, actor: CLI_ACTOR } as const;
const ONE = { organization: { type: 'string' }, email: { type: 'string' } } as const;

/** `tollgate members list`: who is in an organization, the one who joined first at the top. */
export async function membersList(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { organization: { type: 'string' }, json: { type: 'boolean' } });
  const organization = required(options.organization, '--organization');
  const members = await withSession(async ({ context }) =>
    allMembers(context, await findOrganizationId(context, organization)),
  );
  const shown = members.map(({ userId, name, email, role, createdAt }) => ({
    userId,
    name,
    email,
    role,
    joinedAt: createdAt,
  }));
  if (options.json) await printJson(shown);
  else await print(shown.map(({ email, role, name }) => `${email}\t${role}\t${name}\n`).join(''));
  return EXIT.ok;
}

/** `tollgate members invite`: prints the link of an invitation, which works once, for seven days; no mail is sent. */
export async function membersInvite(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { ...ONE, role: { type: 'string' }, json: { type: 'boolean' } });
  const organization = required(options.organization, '--organization');
  const named = { email: emailFrom(options.email), role: roleFrom(options.role) };
  const { invited, invitation, url } = await withSession(async ({ context, settings }) => {
    const invited = { organizationId: await findOrganizationId(context, organization), ...named };
    const sent = await inviteMember(context, { ...invited, manager: MANAGER });
    const query = new URLSearchParams({ token: sent.token }).toString();
    return { invited, invitation: sent.invitation, url: `${settings.PORTAL_URL}/invitation?${query}` };
  });
  if (options.json) await printJson({ id: invitation.id, ...invited, expiresAt: invitation.expiresAt, url });
  else await print(`${url}\n`);
  remark(
    `The link works once, until ${invitation.expiresAt.toISOString()}. Give it to ${invited.email}: no mail was sent.`,
  );
  return EXIT.ok;
}

/** `tollgate members role`: gives a member another role. */
export async function membersRole(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { ...ONE, role: { type: 'string' } });
  const organization = required(options.organization, '--organization');
  const email = emailFrom(options.email);
  const role = roleFrom(options.role);
  await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    const { userId } = await memberWith(context, organizationId, email);
    await changeMemberRole(context, { organizationId, userId, role, manager: MANAGER });
  });
  remark(`${email} has the role ${role} now.`);
  return EXIT.ok;
}

/** `tollgate members remove`: takes a member out of an organization; their account stays. */
export async function membersRemove(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, ONE);
  const organization = required(options.organization, '--organization');
  const email = emailFrom(options.email);
  await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    const { userId } = await memberWith(context, organizationId, email);
    await removeMember(context, { organizationId, userId, manager: MANAGER });
  });
  remark(`${email} is no member any more.`);
  return EXIT.ok;
}

async function allMembers(context: Session['context'], organizationId: string): Promise<Member[]> {
  const found: Member[] = [];
  for (let after: Member | undefined; ;) {
    const { members, next } = await listMembers(context, organizationId, { after, limit: PAGE });
    found.push(...members);
    if (next === null) return found;
    after = members.at(-1);
  }
}

async function memberWith(context: Session['context'], organizationId: string, email: string): Promise<Member> {
  const member = (await allMembers(context, organizationId)).find((one) => one.email === email);
  if (!member) throw new UsageError(`--email ${email}: no member of this organization; see members list`);
  return member;
}

function emailFrom(text: string | undefined): string {
  const email = required(text, '--email').toLowerCase();
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new UsageError(`--email ${email}: expected an e-mail address`);
  return email;
}

function roleFrom(text: string | undefined): MembershipRole {
  const role = MEMBERSHIP_ROLES.find((one) => one === text);
  if (role === undefined) throw new UsageError(`--role ${text ?? ''}: expected ${MEMBERSHIP_ROLES.join(', ')}`);
  return role;
}
