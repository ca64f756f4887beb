import { escapeXml } from '../../xml/escape-xml.js';
import { type Cell, cellText } from '../table.js';
import type { Styles } from './styles.js';

/** The longest text that a cell may hold. */
const MAX_TEXT = 32_767;
/** As many digits as a spreadsheet keeps of a number. */
const MAX_DIGITS = 15;
const DAY_MS = 86_400_000;
/** Days from the spreadsheet's first to 1970. */
const EPOCH_DAY = 25_569;

/** "A" for the first column, "AA" for the 27th. */
export function columnName(index: number): string {
  return (index >= 26 ? columnName(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/**
 * A row of a sheet. Amounts and decimals are numbers unless a spreadsheet would lose digits of them: then they are text. Text
 * is text, also when it begins like a formula.
 */
export function sheetRow(cells: readonly Cell[], row: number, styles: Styles, isHeader = false): string {
  const written = cells.map((cell, index) => {
    const place = `${columnName(index)}${row}`;
    if (isHeader && typeof cell === 'string') return textCell(place, cell, styles.header);
    return cellXml(place, cell, styles);
  });
  return `<row r="${row}">${written.join('')}</row>`;
}

function cellXml(place: string, cell: Cell, styles: Styles): string {
  if (cell instanceof Date) {
    const day = (cell.getTime() / DAY_MS + EPOCH_DAY).toString();
    return `<c r="${place}" s="${styles.instant}"><v>${day}</v></c>`;
  }
  const text = cellText(cell);
  if (text === null) return '';
  if (typeof cell === 'string') return textCell(place, text, styles.text);
  const isAmount = cell !== null && typeof cell === 'object' && 'currency' in cell;
  return numberCell(place, text, isAmount ? styles.amount(cell.currency) : styles.plain, styles);
}

function numberCell(place: string, number: string, style: number, styles: Styles): string {
  if (number.replace(/^[-0.]+|\./g, '').length > MAX_DIGITS) return textCell(place, number, styles.text);
  return `<c r="${place}" s="${style}"><v>${number}</v></c>`;
}

/** "_x0041_" would be read as "A". */
function textCell(place: string, text: string, style: number): string {
  const escaped = escapeXml(text.slice(0, MAX_TEXT).replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_'));
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped}</t></is></c>`;
}
