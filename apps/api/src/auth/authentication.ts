import type { IncomingHttpHeaders } from 'node:http';
import type { Slice } from '#persistence';

/** Who is signed in. */
export interface SignedInUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly hasTwoFactor: boolean;
  /** The session that the request came with; empty for a personal access token, which opens nothing about sessions. */
  readonly sessionId: string;
}

/** A session that a person is signed in with, without its token. */
export interface UserSession {
  readonly id: string;
  readonly createdAt: Date;
  /** Exact to five minutes. */
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** Where it began. */
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Sessions and passwords, which better-auth keeps. */
export interface Authentication {
  /** Answers one of better-auth's routes under /api/auth. Mails go out behind the answer. */
  handle(request: Request): Promise<Response>;
  /**
   * The same for a request with the password of an account, unless too many have tried it lately.
   * @throws TooManyRequestsError
   */
  tryPassword(request: Request, email: string): Promise<Response>;
  /**
   * Makes sure that who asks knows the password of their account; a try at it like any other.
   * @throws InvalidError `wrong_password`
   * @throws ConflictError `no_password`
   * @throws TooManyRequestsError
   */
  checkPassword(user: Pick<SignedInUser, 'id' | 'email'>, password: string): Promise<void>;
  /** True when the session began within the last ten minutes. */
  isFreshSession(sessionId: string): Promise<boolean>;
  /**
   * Counts a try at a second factor of somebody who is signed in, and takes the code, which is good for one try.
   * @throws TooManyRequestsError; InvalidError `code_used`
   */
  takeCode(userId: string, code: string): Promise<void>;
  /** Where a person is signed in, the newest sign-in first, after one. */
  listSessions(userId: string, slice?: Slice<Pick<UserSession, 'createdAt' | 'id'>>): Promise<UserSession[]>;
  /** How many recovery codes of a person are unused; 0 for somebody without a second factor. */
  countRecoveryCodes(userId: string): Promise<number>;
  /** The person whose session cookie these headers carry, or null. */
  findUser(headers: IncomingHttpHeaders): Promise<SignedInUser | null>;
  /** Counts a sign-up from an address, known or not; returns after how many seconds the next one is welcome, or 0. */
  countSignUp(address: string): Promise<number>;
  /** Counts a wish for another e-mail address; returns after how many seconds the next one is welcome, or 0. */
  countEmailChange(userId: string): Promise<number>;
  /** Forgets what is counted for the address of an account that is deleted. */
  forgetTries(email: string): Promise<void>;
  /** Counts an export of data of a person's; returns after how many seconds the next one is welcome, or 0. */
  countExport(userId: string): Promise<number>;
  /** Counts a report from an address, over all processes; returns after how many seconds the next one is welcome, or 0. */
  countReport(address: string): Promise<number>;
  /** Counts a call that is tried out, or a key for that; returns after how many seconds the next one is welcome, or 0. */
  countTry(userId: string): Promise<number>;
  /** Waits for mails that are under way, then lets go of the database. */
  close(): Promise<void>;
}

/** The header that tells better-auth the caller's address. Only `clientRequest` sets it. */
export const CLIENT_ADDRESS_HEADER = 'x-tollgate-client-address';
