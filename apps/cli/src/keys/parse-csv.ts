/** A line of a CSV file, with the number of the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * The rows of a CSV file (RFC 4180): fields apart by commas, in double quotes when they hold commas, quotes or line breaks.
 * Empty lines are left out. Null when a quote is never closed.
 */
export function parseCsv(text: string): CsvRow[] | null {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let field = '';
  let isQuoted = false;
  let line = 1;
  let startLine = 1;
  const endRow = () => {
    fields.push(field);
    if (fields.length > 1 || field !== '') rows.push({ line: startLine, fields });
    fields = [];
    field = '';
    startLine = line + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (isQuoted) {
      if (character === '"' && text[at + 1] === '"') field += text[++at]!;
      else if (character === '"') isQuoted = false;
      else field += character;
      if (character === '\n') line++;
      continue;
    }
    if (character === '"' && field === '') isQuoted = true;
    else if (character === ',') {
      fields.push(field);
      field = '';
    } else if (character === '\n') {
      endRow();
      line++;
    } else if (character !== '\r') field += character;
  }
  if (isQuoted) return null;
  endRow();
  return rows;
}
