/** The status of a request whose client went away before there was one; for the record only. */
export const CLIENT_GONE_STATUS = 499;
