import { MEMBERSHIP_ROLES } from '#domain';
import { z } from 'zod';
import { etag } from '../contract/entity-tag.js';
import { next, nextAfter } from '../contract/page.schema.js';
import { id, instant, instantInput, nameInput } from '../contract/value.schema.js';
import { emailInput } from '../session/session.schema.js';
import { financeOrganizationQuery } from './finance-organization.schema.js';

export const userId = z.string().min(1).max(64);
const role = z.enum(MEMBERSHIP_ROLES);

export const organizationRequest = z.strictObject({ name: nameInput }).meta({ id: 'OrganizationRequest' });

export const organization = z
  .object({
    id,
    slug: z.string().describe('Stays when the name changes.'),
    name: z.string(),
    createdAt: instant,
    suspendedAt: instant.nullable().describe('Since when the calls of all its applications are refused.'),
  })
  .meta({ id: 'Organization', description: 'Who buys: a company or a person.' });

export const organizationQuery = financeOrganizationQuery.extend({
  suspended: z
    .enum(['true', 'false'])
    .optional()
    .transform((text) => (text === undefined ? undefined : text === 'true'))
    .describe('true: only those whose calls are refused; false: only the others.'),
});

export const organizationList = z
  .object({ organizations: z.array(organization).readonly(), next: nextAfter })
  .meta({ id: 'OrganizationList' });

export const member = z
  .object({ userId, name: z.string(), email: z.string(), role, joinedAt: instant, etag })
  .meta({ id: 'Member' });

const memberCursorParts = z.tuple([instantInput, userId]);

/** Where a list of members goes on, as text: "2026-11-01T00:00:00.000Z_…". */
const memberCursor = z
  .string()
  .max(120)
  .transform((text, context) => {
    const at = text.indexOf('_');
    const parsed = memberCursorParts.safeParse([text.slice(0, at), text.slice(at + 1)]);
    if (parsed.success) return { createdAt: parsed.data[0], userId: parsed.data[1] };
    context.addIssue('expected what the page before gave as next');
    return z.NEVER;
  });

export const memberQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  after: memberCursor.optional().describe('The `next` of the page before.'),
});

export const memberList = z
  .object({
    members: z.array(member).readonly(),
    next: z.string().nullable().describe('Send it as `after` for the next page; null after the last.'),
  })
  .meta({ id: 'MemberList' });

export const memberRequest = z.strictObject({ role }).meta({ id: 'MemberRequest' });

export const invitationRequest = z.strictObject({ email: emailInput, role }).meta({ id: 'InvitationRequest' });

export const invitation = z
  .object({
    id,
    email: z.string(),
    role,
    invitedBy: z.string().nullable().describe('The address of who has invited; null for the command line.'),
    createdAt: instant,
    sentAt: instant.describe('When the newest mail went out; only its link works.'),
    expiresAt: instant,
  })
  .meta({ id: 'Invitation', description: 'Open until it is accepted or withdrawn; its link works until it expires.' });

export const invitationList = z
  .object({ invitations: z.array(invitation).readonly(), next })
  .meta({ id: 'InvitationList' });

export const invitationToken = z.string().min(1).max(100);

export const invitationTokenRequest = z
  .strictObject({ token: invitationToken.describe('What the link in the mail holds.') })
  .meta({ id: 'InvitationTokenRequest' });

export const shownInvitation = z
  .object({
    organizationName: z.string(),
    email: z.string(),
    role,
    inviterName: z.string().nullable(),
    expiresAt: instant,
  })
  .meta({ id: 'ShownInvitation' });

export const acceptedInvitation = z.object({ organizationId: id, role }).meta({ id: 'AcceptedInvitation' });
