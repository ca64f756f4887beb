/** What happens to a key that was found in public: it ends at once, or only its owners are told. */
export type LeakPolicy = 'revoke' | 'alert';

/** What was done about a leaked key. */
export type LeakAction = 'revoked' | 'alerted';
