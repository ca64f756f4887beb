import { MEMBERSHIP_ROLES, ORGANIZATION_PERMISSIONS, type OrganizationPermission, STAFF_ROLES } from '#domain';
import { z } from 'zod';
import { id, instant, nameInput, portalTerms } from '../contract/value.schema.js';

export const PASSWORD_LENGTH = { min: 10, max: 128 } as const;

export const emailInput = z
  .email()
  .max(254)
  .transform((address) => address.toLowerCase());
export const newPassword = z.string().min(PASSWORD_LENGTH.min).max(PASSWORD_LENGTH.max);

export const signUpRequest = z
  .strictObject({
    name: nameInput,
    email: emailInput,
    password: newPassword,
    organizationName: nameInput.optional().describe('Who subscribes and pays. Needed without an invitation.'),
    acceptedTerms: z
      .string()
      .max(32)
      .optional()
      .describe('Version of the portal’s terms that were read and are accepted; needed where there are terms.'),
    invitationToken: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Of an invitation that went to this address: then no organization is made.'),
  })
  .refine(
    ({ organizationName, invitationToken }) => (organizationName === undefined) !== (invitationToken === undefined),
    {
      message: 'name an organization, or send the token of an invitation: one of the two',
      path: ['organizationName'],
    },
  )
  .meta({ id: 'SignUpRequest' });

export const signUpAnswer = z.object({ status: z.literal('verification_sent') }).meta({ id: 'SignUpAnswer' });

const permission = z.enum(ORGANIZATION_PERMISSIONS as unknown as [OrganizationPermission, ...OrganizationPermission[]]);

export const session = z
  .object({
    user: z
      .object({ id: z.string(), name: z.string(), email: z.string() })
      .nullable()
      .describe('Who is signed in, or null.'),
    accessToken: z
      .object({
        id,
        name: z.string(),
        scopes: z.array(z.string()).readonly().describe('What it may do, as far as the person may.'),
        expiresAt: instant,
      })
      .nullable()
      .describe('The personal access token of the request; null for a session.'),
    termsToAccept: portalTerms
      .nullable()
      .describe('Terms that have to be accepted before the portal opens; null when there are none.'),
    memberships: z
      .array(
        z
          .object({
            organization: z.object({
              id,
              slug: z.string(),
              name: z.string(),
              suspendedAt: instant
                .nullable()
                .describe('Since when the calls of all its applications are refused; null while they pass.'),
            }),
            role: z.enum(MEMBERSHIP_ROLES),
            permissions: z.array(permission).readonly().describe('What the role may do.'),
            assignableRoles: z.array(z.enum(MEMBERSHIP_ROLES)).readonly().describe('The roles that it may give.'),
          })
          .meta({ id: 'Membership' }),
      )
      .readonly(),
    staffRoles: z.array(z.enum(STAFF_ROLES)).readonly(),
    publisherTeams: z.array(z.object({ id, slug: z.string(), name: z.string() })).readonly(),
    twoFactorMissing: z
      .boolean()
      .describe('True for staff whose desks stay closed until they have turned on two-factor authentication.'),
  })
  .meta({ id: 'Session' });
