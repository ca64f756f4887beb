/** A row of a file, and the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The rows of CSV by RFC 4180: cells between commas, or semicolons where the first line has more of them; quoted ones may hold
 * both, line ends, and quotes written twice. Empty lines are left out. A quote that is never closed takes the rest of the file.
 */
export function readCsv(text: string): CsvRow[] {
  const content = text.replace(/^\uFEFF/, '');
  const [first = ''] = content.split('\n', 1);
  const separator = first.split(';').length > first.split(',').length ? ';' : ',';
  const cell = new RegExp(`"((?:[^"]|"")*)(?:"|$)|([^${separator}\\r\\n]*)`, 'y');
  const rows: CsvRow[] = [];
  let at = 0;
  let line = 1;
  while (at < content.length) {
    const cells: string[] = [];
    const start = line;
    for (;;) {
      cell.lastIndex = at;
      const [whole, quoted, plain = ''] = cell.exec(content)!;
      cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
      line += whole.split('\n').length - 1;
      at += whole.length;
      if (content[at] !== separator) break;
      at += 1;
    }
    // What follows a closing quote belongs to nothing.
    const end = content.indexOf('\n', at);
    at = end === -1 ? content.length : end + 1;
    line += 1;
    if (cells.some((text) => text.trim() !== '')) rows.push({ line: start, cells: cells.map((text) => text.trim()) });
  }
  return rows;
}
