import type { Transaction } from '../database/unit-of-work.js';

/** Where mails to the team of a product go: to all its members. */
export async function listAddressesOfProduct(transaction: Transaction, apiProductId: string): Promise<string[]> {
  const rows = await transaction.query<{ email: string }>(
    `SELECT email FROM api_product JOIN publisher_team_member USING (publisher_team_id)
     JOIN auth."user" AS "user" ON "user".id = user_id WHERE api_product.id = $1 ORDER BY email`,
    [apiProductId],
  );
  return rows.map(({ email }) => email);
}

/** Where mails to a publisher team go: to all its members. */
export async function listTeamAddresses(transaction: Transaction, publisherTeamId: string): Promise<string[]> {
  const rows = await transaction.query<{ email: string }>(
    `SELECT email FROM publisher_team_member JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE publisher_team_id = $1 ORDER BY email`,
    [publisherTeamId],
  );
  return rows.map(({ email }) => email);
}
