import { minorDigits } from '#domain';
import { escapeXml } from '../../xml/escape-xml.js';

interface Style {
  readonly format: string | null;
  readonly isBold?: boolean;
  /** What the apostrophe before a typed text does: whatever it says, and also after it was edited, it is no formula. */
  readonly isQuoted?: boolean;
}

const FIRST_OWN_FORMAT = 164;

/** The styles of a workbook; each is added when it is used first, so they are written last. */
export class Styles {
  readonly plain = 0;
  readonly header = 1;
  readonly instant = 2;
  readonly text = 3;
  private readonly styles: Style[] = [
    { format: null },
    { format: null, isBold: true },
    { format: String.raw`yyyy\-mm\-dd hh:mm:ss\ "UTC"` },
    { format: '@', isQuoted: true },
  ];
  private readonly byCurrency = new Map<string, number>();

  /** The style of an amount: grouped, with the places and the code of its currency. */
  amount(currency: string): number {
    const known = this.byCurrency.get(currency);
    if (known !== undefined) return known;
    const digits = minorDigits(currency);
    const format = String.raw`#,##0${digits === 0 ? '' : `.${'0'.repeat(digits)}`}\ "${currency}"`;
    const style = this.styles.push({ format }) - 1;
    this.byCurrency.set(currency, style);
    return style;
  }

  toXml(): string {
    const formats = this.styles.flatMap(({ format }, index) =>
      format === null ? [] : [`<numFmt numFmtId="${FIRST_OWN_FORMAT + index}" formatCode="${escapeXml(format)}"/>`],
    );
    const styles = this.styles.map(({ format, isBold, isQuoted }, index) => {
      const number = format === null ? 0 : FIRST_OWN_FORMAT + index;
      const quoted = isQuoted ? ' quotePrefix="1"' : '';
      return `<xf numFmtId="${number}" fontId="${isBold ? 1 : 0}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"${quoted}/>`;
    });
    return (
      `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
      `<numFmts count="${formats.length}">${formats.join('')}</numFmts>` +
      `<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
      `<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
      `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
      `<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
      `<cellXfs count="${styles.length}">${styles.join('')}</cellXfs>` +
      `<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
    );
  }
}
