import { STAFF_ROLES } from '#domain';
import { publisherInFile } from '#services';
import { z } from 'zod';
import { nextAfter, pageAfter } from '../contract/page.schema.js';
import { id, instant, searchInput, slug } from '../contract/value.schema.js';

export const staffRole = z.enum(STAFF_ROLES);

export const userQuery = z.strictObject({
  search: searchInput.optional().describe('A part of a name or an address.'),
  staff: z
    .enum(['true', 'false'])
    .optional()
    .transform((text) => text === 'true')
    .describe('true: only people with a role or a place in a publisher team.'),
  after: z.string().min(1).max(254).optional().describe('The `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const secondFactorReset = z
  .strictObject({
    reason: z.string().trim().min(3).max(500).describe('How it was made sure that it is the person who asks.'),
  })
  .meta({ id: 'SecondFactorReset' });

export const publisherTeam = z.object({ slug: z.string(), name: z.string() }).meta({ id: 'PublisherTeamReference' });

export const user = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    isVerified: z.boolean().describe('Whether they have shown that the mailbox is theirs.'),
    hasTwoFactor: z.boolean().describe('Whether they sign in with a second factor.'),
    createdAt: instant,
    staffRoles: z.array(staffRole).readonly(),
    publisherTeams: z.array(publisherTeam).readonly(),
    organizations: z.array(z.object({ id, name: z.string(), role: z.string() })).readonly(),
  })
  .meta({ id: 'User', description: 'Somebody who has signed up, with every role of theirs.' });

export const userList = z
  .object({
    users: z.array(user).readonly(),
    next: z.string().nullable().describe('Send it as `after` for the next page; null after the last.'),
  })
  .meta({ id: 'UserList' });

export const createPublisherTeamRequest = publisherInFile.meta({ id: 'CreatePublisherTeamRequest' });

export const publisherTeamQuery = pageAfter(slug);

export const publisherTeamList = z
  .object({ teams: z.array(publisherTeam).readonly(), next: nextAfter })
  .meta({ id: 'PublisherTeamList' });
