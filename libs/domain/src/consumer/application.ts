/** What calls the API on behalf of an organization; owns credentials and subscriptions. */
export interface Application {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly suspendedAt: Date | null;
}
