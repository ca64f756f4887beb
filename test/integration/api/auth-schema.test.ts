import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authOptions } from '../../../apps/api/src/auth/auth-options.js';
import { createAuthPool } from '../../../apps/api/src/auth/create-authentication.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

describe('the schema of sessions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.dispose());

  it('is what better-auth would create: nothing is missing', async () => {
    const pool = createAuthPool(database.appUrl);
    try {
      const mails = { sendVerification: async () => {}, sendPasswordReset: async () => {}, sendAgain: async () => {} };
      const settings = { PORTAL_NAME: 'Sky', PORTAL_URL: 'http://localhost:4000', AUTH_SECRET: 'x'.repeat(32) };
      const { toBeCreated, toBeAdded } = await getMigrations(
        authOptions(settings, {
          pool,
          mails,
          plugins: [],
          onPasswordReset: async () => {},
          log: () => {},
        }),
      );
      expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
    } finally {
      await pool.end();
    }
  });
});
