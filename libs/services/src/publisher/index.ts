export { type CreatePublisherTeamInput, createPublisherTeam } from './create-publisher-team.js';
export { type StaffGrant, grantStaff, revokeStaff } from './grant-staff.js';
export {
  type PublishedProduct,
  type PublishedSubscription,
  listPublisherProducts,
  listPublisherSubscriptions,
} from './list-published.js';
export { findUser, listPublisherTeams, listUsers } from './list-users.js';
export { isAdminMissing } from './missing-admin.js';
