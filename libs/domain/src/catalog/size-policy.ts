/** How large the requests of an API version may be; headers and addresses have bounds that hold for all. */
export interface SizePolicy {
  /** Of the body, after transfer decoding and before content decoding. */
  readonly maxBodyBytes: number;
}

/** Without a policy: 10 MiB. */
export const defaultSizePolicy: SizePolicy = { maxBodyBytes: 10 * 1024 * 1024 };
