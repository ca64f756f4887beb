export { acceptInvitation, findInvitation } from './accept-invitation.js';
export {
  type SentInvitation,
  inviteMember,
  listInvitations,
  resendInvitation,
  withdrawInvitation,
} from './manage-invitations.js';
export { changeMemberRole, leaveOrganization, listMembers, removeMember } from './manage-members.js';
