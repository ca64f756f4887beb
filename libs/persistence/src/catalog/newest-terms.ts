/** The end of a query of one product's terms: only those in force, which were published last. */
export const NEWEST_TERMS = 'ORDER BY published_at DESC, id DESC LIMIT 1';
