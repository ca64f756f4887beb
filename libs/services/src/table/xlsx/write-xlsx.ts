import type { Readable } from 'node:stream';
import { escapeXml } from '../../xml/escape-xml.js';
import type { Cell, Table } from '../table.js';
import { type WritePart, writeZip } from '../write-zip.js';
import { columnName, sheetRow } from './sheet-rows.js';
import { Styles } from './styles.js';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const PARTS = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export interface WriteXlsxOptions {
  /** The date of the parts of the file. */
  readonly writtenAt: Date;
  /** Rows of a sheet with its header: the rest goes to further sheets. 1,048,576 unless given, as many as fit. */
  readonly rowsPerSheet?: number;
}

/**
 * Tables as the sheets of a workbook (Office Open XML), each with a header row that stays in view. It is read no faster than
 * it is sent, and only a page of one table is in memory. A failure ends the stream with the error.
 */
export function writeXlsx(
  tables: readonly Table[],
  { writtenAt, rowsPerSheet = 1_048_576 }: WriteXlsxOptions,
): Readable {
  return writeZip((part) => writeParts(tables, rowsPerSheet, part), writtenAt);
}

/** The sheets come first: only they say how many there are, and which styles they use. */
async function writeParts(tables: readonly Table[], rowsPerSheet: number, part: WritePart): Promise<void> {
  const styles = new Styles();
  const names: string[] = [];
  for (const table of tables) {
    const rows = new RowReader(table);
    for (let sheet = 1; sheet === 1 || !rows.isAtEnd; sheet++) {
      names.push(sheet === 1 ? table.name : `${table.name} ${sheet}`);
      await part(`xl/worksheets/sheet${names.length}.xml`, sheetXml(rows, rowsPerSheet, styles));
    }
  }
  await part('xl/styles.xml', [HEAD, styles.toXml()]);
  await part('xl/workbook.xml', [HEAD, workbookXml(names)]);
  await part('xl/_rels/workbook.xml.rels', [HEAD, workbookRelationshipsXml(names)]);
  await part('_rels/.rels', [
    HEAD,
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ]);
  await part('[Content_Types].xml', [HEAD, contentTypesXml(names)]);
}

/** The rows of a table one after the other, over the sheets that they fill. */
class RowReader {
  readonly header: readonly string[];
  private readonly pages: AsyncIterator<readonly (readonly Cell[])[]>;
  private page: readonly (readonly Cell[])[] = [];
  private next = 0;
  isAtEnd = false;

  constructor(table: Table) {
    this.header = table.header;
    this.pages = table.pages()[Symbol.asyncIterator]();
  }

  /** Rows that are there without waiting, at most so many; reads the next page when none is. */
  async take(limit: number): Promise<readonly (readonly Cell[])[]> {
    while (this.next === this.page.length && !this.isAtEnd) {
      const { value, done } = await this.pages.next();
      this.isAtEnd = done === true;
      this.page = done === true ? [] : value;
      this.next = 0;
    }
    const rows = this.page.slice(this.next, this.next + limit);
    this.next += rows.length;
    return rows;
  }
}

async function* sheetXml(rows: RowReader, rowsPerSheet: number, styles: Styles): AsyncGenerator<string> {
  yield HEAD;
  yield `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;
  yield `<cols><col min="1" max="${rows.header.length}" width="24" customWidth="1"/></cols><sheetData>`;
  yield sheetRow(rows.header, 1, styles, true);
  let row = 1;
  while (row < rowsPerSheet) {
    const taken = await rows.take(rowsPerSheet - row);
    if (taken.length === 0) break;
    yield taken.map((cells) => sheetRow(cells, ++row, styles)).join('');
  }
  // The one that is full asks whether another must follow.
  if (row === rowsPerSheet) await rows.take(0);
  yield `</sheetData><autoFilter ref="A1:${columnName(rows.header.length - 1)}${row}"/></worksheet>`;
}

function workbookXml(names: readonly string[]): string {
  const sheets = names.map(
    (name, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheets>${sheets.join('')}</sheets></workbook>`;
}

function workbookRelationshipsXml(names: readonly string[]): string {
  const sheets = names.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATIONSHIPS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const styles = `<Relationship Id="rId${names.length + 1}" Type="${RELATIONSHIPS}/styles" Target="styles.xml"/>`;
  return `<Relationships xmlns="${PACKAGE}/relationships">${sheets.join('')}${styles}</Relationships>`;
}

function contentTypesXml(names: readonly string[]): string {
  const sheets = names.map(
    (_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${PARTS}.worksheet+xml"/>`,
  );
  return (
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${PARTS}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${PARTS}.styles+xml"/>${sheets.join('')}</Types>`
  );
}
