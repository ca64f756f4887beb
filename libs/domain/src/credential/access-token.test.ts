import { randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PERSONAL_PERMISSIONS } from '../consumer/organization-role.js';
import { ACCESS_TOKEN_SCOPES, generateAccessToken, parseAccessToken, scopesWithin } from './access-token.js';
import { generateIngestToken, parseIngestToken } from './ingest-token.js';

describe('a personal access token', () => {
  it('is read by its own kind only, and not with a digit changed', () => {
    const { token, parsed } = generateAccessToken(randomFillSync);
    expect(token).toMatch(/^tgp_/);
    expect(parseAccessToken(token)).toEqual(parsed);
    expect(parseIngestToken(token)).toBeNull();
    expect(parseAccessToken(generateIngestToken(randomFillSync).token)).toBeNull();
    const other = token[10] === 'a' ? 'b' : 'a';
    expect(parseAccessToken(token.slice(0, 10) + other + token.slice(11))).toBeNull();
  });

  it('may be for what its owner may do somewhere, and for no more', () => {
    const nobody = { memberships: [], staffRoles: [], isPublisher: false };
    expect(scopesWithin(nobody)).toEqual([]);
    expect(scopesWithin({ ...nobody, memberships: ['billing'] })).toEqual(['read', 'manage_billing', 'accept_terms']);
    expect(scopesWithin({ ...nobody, staffRoles: ['finance'], isPublisher: true })).toEqual(['publisher', 'finance']);
    const everything = {
      memberships: ['owner'],
      staffRoles: ['finance', 'operator', 'admin'],
      isPublisher: true,
    } as const;
    expect(scopesWithin(everything)).toEqual(ACCESS_TOKEN_SCOPES);
    for (const personal of PERSONAL_PERMISSIONS) expect(ACCESS_TOKEN_SCOPES).not.toContain(personal);
  });
});
