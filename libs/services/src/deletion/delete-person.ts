import { ConflictError, NotFoundError } from '#domain';
import {
  type Actor,
  type PlaceOfUser,
  type Transaction,
  countStaff,
  eraseUser,
  listPlacesOfUser,
  listStaffRolesOfUser,
  lockOrganizationToDelete,
  lockStaffRoles,
  lockExistingUser,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';
import { recordMemberChange } from '../membership/member-change.js';
import { appendUserChange } from '../user/user-change.js';
import { deleteOrganizationWithin } from './delete-organization.js';
import { type Hindrance, hindrancesOfOrganization, requireNoHindrance } from './hindrances.js';
import { randomWord } from './pseudonym.js';

interface NamedOrganization {
  readonly id: string;
  readonly name: string;
}

/** What the deletion of a person would do. */
export interface PersonDeletion {
  /** Empty when nothing keeps it. */
  readonly hindrances: readonly Hindrance[];
  /** Organizations that nobody else belongs to: they are deleted too. */
  readonly deleted: readonly NamedOrganization[];
  /** Organizations that go on without the person. */
  readonly left: readonly NamedOrganization[];
}

/** What a deletion of the person would do now, and what keeps it. */
export function previewPersonDeletion(context: ServiceContext, userId: string): Promise<PersonDeletion> {
  return context.unitOfWork.inSystem(async (transaction) =>
    look(transaction, userId, await listPlacesOfUser(transaction, userId)),
  );
}

export interface DeletePersonInput {
  readonly userId: string;
  /** Their e-mail address, typed. */
  readonly confirmation: string;
  readonly writeNotice: (user: { readonly name: string; readonly email: string }) => WrittenMail;
}

/**
 * Deletes a person, and with them the organizations that nobody else belongs to, in one transaction: nobody can sign in as them,
 * their tokens and the keys of those organizations end, and a pseudonym stands for them in what must stay. The address is free for
 * a new account. It gets a last mail.
 * @throws NotFoundError `user_not_found`; ConflictError `confirmation_wrong`, `deletion_blocked`, `deletion_overtaken`
 */
export function deletePerson(
  context: ServiceContext,
  { userId, confirmation, writeNotice }: DeletePersonInput,
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    // Organizations first and the person last, as whoever joins one does.
    const known = await listPlacesOfUser(transaction, userId);
    for (const { organizationId } of known) await lockOrganizationToDelete(transaction, organizationId);
    await lockStaffRoles(transaction);
    const old = await lockExistingUser(transaction, userId);
    if (!old) throw new NotFoundError('user');
    const places = await listPlacesOfUser(transaction, userId);
    requireLocked(places, known);
    if (confirmation.trim().toLowerCase() !== old.email.toLowerCase()) {
      throw new ConflictError('confirmation_wrong', `Type the e-mail address of your account: ${old.email}`);
    }
    const { hindrances, deleted, left } = await look(transaction, userId, places);
    requireNoHindrance(hindrances);
    const actor: Actor = { kind: 'user', id: userId };
    for (const { id } of deleted) await deleteOrganizationWithin(context, transaction, { organizationId: id, actor });
    const word = randomWord(context);
    const at = context.clock.now();
    const pseudonym = { name: `Deleted person ${word}`, email: `deleted-${word}@deleted.invalid` };
    await eraseUser(transaction, { userId, old, pseudonym, at });
    for (const { id: organizationId } of left) {
      const { role } = places.find((place) => place.organizationId === organizationId)!;
      const details = { reason: 'account deleted' };
      const change = { action: 'left', event: 'member.removed', actor, details } as const;
      await recordMemberChange(context, transaction, { organizationId, userId, role }, change);
    }
    await appendUserChange(context, transaction, {
      userId,
      action: 'deleted',
      details: { pseudonym: pseudonym.name },
    });
    await sendMail(context, transaction, writeNotice(old));
  });
}

/** @throws ConflictError `deletion_overtaken` when the person has joined something since it was looked what to lock */
function requireLocked(places: readonly PlaceOfUser[], known: readonly PlaceOfUser[]): void {
  const locked = new Set(known.map(({ organizationId }) => organizationId));
  if (places.every(({ organizationId }) => locked.has(organizationId))) return;
  throw new ConflictError('deletion_overtaken', 'Your account has just joined an organization. Look again.');
}

async function look(transaction: Transaction, userId: string, places: readonly PlaceOfUser[]): Promise<PersonDeletion> {
  const hindrances: Hindrance[] = [];
  const deleted: NamedOrganization[] = [];
  const left: NamedOrganization[] = [];
  for (const { organizationId, name, role, owners, members } of places) {
    const organization = { id: organizationId, name };
    if (members === 1) {
      deleted.push(organization);
      hindrances.push(...(await hindrancesOfOrganization(transaction, organization)));
    } else {
      left.push(organization);
      if (role === 'owner' && owners === 1) {
        const message =
          'You are its only owner, and others work there. Make one of them an owner under Team, or delete the organization.';
        hindrances.push({ reason: 'only_owner', organization, message });
      }
    }
  }
  const roles = await listStaffRolesOfUser(transaction, userId);
  if (roles.includes('admin') && (await countStaff(transaction, 'admin')) === 1) {
    const message = 'You are the only admin of this installation. Make somebody else one first.';
    hindrances.push({ reason: 'last_admin', organization: null, message });
  }
  return { hindrances, deleted, left };
}
