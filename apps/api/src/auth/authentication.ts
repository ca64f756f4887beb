import type { IncomingHttpHeaders } from 'node:http';

/** Who is signed in. */
export interface SignedInUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Sessions and passwords, which better-auth keeps. */
export interface Authentication {
  /** Answers one of better-auth's routes under /api/auth. Mails go out behind the answer. */
  handle(request: Request): Promise<Response>;
  /**
   * Signs in by better-auth's route, unless too many have tried this account's password lately.
   * @throws TooManyRequestsError
   */
  signIn(request: Request, email: string): Promise<Response>;
  /** The person whose session cookie these headers carry, or null. */
  findUser(headers: IncomingHttpHeaders): Promise<SignedInUser | null>;
  /** Counts a report from an address, over all processes; returns after how many seconds the next one is welcome, or 0. */
  countReport(address: string): Promise<number>;
  /** Waits for mails that are under way, then lets go of the database. */
  close(): Promise<void>;
}

/** The header that tells better-auth the caller's address. Only `clientRequest` sets it. */
export const CLIENT_ADDRESS_HEADER = 'x-tollgate-client-address';
