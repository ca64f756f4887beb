/** Where somebody arrives who has opened the link of a verification mail. */
export const AFTER_VERIFICATION = '/dashboard';
