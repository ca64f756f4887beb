import { describe, expect, it } from 'vitest';
import { printable } from './printable-text.js';

describe('printable text', () => {
  it.each([
    ['Müller & Søn GmbH – “Straße” €', 'Müller & Søn GmbH – “Straße” €'],
    ['Żabka Łódź s.r.o. Dvořák', 'Zabka Lódz s.r.o. Dvorák'],
    ['Nguyễn Đức', 'Nguyen Duc'],
    ['株式会社', '????'],
    ['ΑΒΓ Ltd', '??? Ltd'],
    ['two\nlines\tand\u0007 a bell', 'two lines and a bell'],
    ['ﬁne Ⅷ', 'fine VIII'],
    ['👩‍💻 Code', '?? Code'],
    ['', ''],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
