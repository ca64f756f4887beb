import { describe, expect, it } from 'vitest';
import { printable } from './printable-text.js';

describe('printable text', () => {
  it.each([
    ['Müller & Søn GmbH – “Straße” €', 'Müller & Søn GmbH – “Straße” €'],
    ['株式会社', '????'],
    ['two\nlines\tand\u0007 a bell', 'two lines and a bell'],
    ['👩‍💻 Code', '?? Code'],
    ['', ''],
  ])('shows %j as %j in the standard fonts', (text, shown) => {
    expect(printable(text)).toEqual({ text: shown, font: 'standard' });
  });

  it.each([
    ['Żabka Łódź s.r.o. Dvořák', 'Żabka Łódź s.r.o. Dvořák'],
    ['Nguyễn Đức', 'Nguyễn Đức'],
    ['ΑΒΓ Ltd', 'ΑΒΓ Ltd'],
    ['ООО «Пример»', 'ООО «Пример»'],
    ['₹ 100', '₹ 100'],
    ['ΑΒΓ 株', 'ΑΒΓ ?'],
    ['د.ك', 'د.ك'],
    ['شركة المثال', 'شركة\u00a0المثال'],
  ])('shows %j as %j in the embedded font', (text, shown) => {
    expect(printable(text)).toEqual({ text: shown, font: 'embedded' });
  });
});
