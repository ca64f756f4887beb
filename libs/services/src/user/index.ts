export { confirmEmailChange, recordPasswordChange, requestEmailChange } from './change-email.js';
export {
  acceptPortalTerms,
  hasAcceptedPortalTerms,
  recordPortalTermsOfSignUp,
  requirePortalTerms,
} from './portal-terms.js';
export { resetSecondFactor } from './reset-second-factor.js';
export { type UserChange, recordUserChange } from './user-change.js';
export { readUserProfile, renameUser } from './user-profile.js';
export { endOtherUserSessions, endUserSession } from './user-sessions.js';
