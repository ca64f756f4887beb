/** What this installation calls itself on pages and in mails. */
export const PORTAL_NAME = 'Tollgate';
