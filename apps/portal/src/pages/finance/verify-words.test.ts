import { expect, it } from 'vitest';
import type { VerifyCheck } from '../../api/types.js';
import { verifySummary } from './verify-words.js';

const check = (name: VerifyCheck['name'], ok: boolean): VerifyCheck => ({ name, ok, checked: 1, difference: null });

it('says whether everything agrees, and where it does not', () => {
  expect(verifySummary([check('segments', true), check('events', true)])).toMatch(/^Everything agrees/);
  expect(verifySummary([check('segments', true), check('rollups', false)])).toBe(
    '1 of 2 checks found a difference: rollups.',
  );
});
