import { describe, expect, it } from 'vitest';
import { checkTaxId } from './check-tax-id.js';

/** Of public bodies and companies that publish them, or from the documentation of the form. */
const right: readonly (readonly [country: string, typed: string, printed: string])[] = [
  ['AT', 'ATU13585627', 'ATU13585627'],
  ['BE', '0403.019.261', 'BE0403019261'],
  ['DE', '136 695 976', 'DE136695976'],
  ['DK', 'DK 13585628', 'DK13585628'],
  ['ES', 'ESB-64717838', 'ESB64717838'],
  ['FR', 'fr 40 303 265 045', 'FR40303265045'],
  ['GR', '094259216', 'EL094259216'],
  ['IE', 'IE6433435F', 'IE6433435F'],
  ['IT', 'IT00743110157', 'IT00743110157'],
  ['NL', 'NL004495445B01', 'NL004495445B01'],
  ['PL', '856-734-62-15', 'PL8567346215'],
  ['SE', 'SE556188840401', 'SE556188840401'],
  ['GB', 'GB 980 7806 84', 'GB980780684'],
  ['CH', 'CHE107787577MWST', 'CHE-107.787.577 MWST'],
  ['NO', '995525828MVA', 'NO 995 525 828 MVA'],
  ['US', '911144442', '91-1144442'],
  ['AU', '83914571673', '83 914 571 673'],
  ['IN', '27aapfu0939f1zv', '27AAPFU0939F1ZV'],
  ['BR', ' 33.592.510/0001-54 ', '33.592.510/0001-54'],
];

describe('a tax number', () => {
  it.each(right)('of %s, %j, is printed as %s', async (country, value, printed) => {
    expect(await checkTaxId({ country, value })).toEqual({ country, value: printed });
  });

  it.each([
    ['wrong check digits', 'DE', '136695977', 'its check digits do not fit'],
    ['too few digits', 'DE', '13669597', 'it is too long or too short'],
    ['the number of another country', 'DE', 'FR40303265045', 'is no USt-IdNr. of DE'],
    ['letters', 'FR', 'hello', 'is no TVA number of FR'],
    ['nothing', 'IT', ' ', 'is no partita IVA of IT'],
    ['markup, where no form is known', 'BR', '<b>1</b>', 'expected at most 30'],
    ['more than a line, where no form is known', 'BR', '1\n2', 'expected at most 30'],
    ['a page, where no form is known', 'BR', '1'.repeat(31), 'expected at most 30'],
  ])('is refused with %s', async (_, country, value, message) => {
    await expect(checkTaxId({ country, value }, 'taxIds[0]')).rejects.toMatchObject({
      code: 'tax_id_invalid',
      message: expect.stringMatching(new RegExp(`^taxIds\\[0\\]\\.value: .*${message}`)),
    });
  });

  it.each(['de', 'XX', 'EU', 'ZZ', ''])('is refused of the country %j', async (country) => {
    await expect(checkTaxId({ country, value: '1' })).rejects.toThrow(/^taxId\.country: /);
  });
});
