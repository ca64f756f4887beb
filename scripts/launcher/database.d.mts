import type { Client } from 'pg';
export function withClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result>;
export function prepareDatabase(options: {
  superuserUrl: string;
  database: string;
  password: string;
}): Promise<{ ownerUrl: string; appUrl: string }>;
