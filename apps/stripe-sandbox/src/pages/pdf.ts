const linesPerPage = 60;

/** A valid PDF 1.4 file with the lines set in Courier on A4 pages. */
export function pdfOfLines(lines: readonly string[]): Buffer {
  const pages: string[] = [];
  for (let start = 0; start < lines.length; start += linesPerPage) {
    pages.push(contentOf(lines.slice(start, start + linesPerPage)));
  }
  // Objects 1 to 3 are the catalogue, the list of pages and the font; each page then takes two.
  const kids = pages.map((_content, index) => `${4 + index * 2} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> ` +
        `/Contents ${5 + index * 2} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  // Everything in the file is one byte a character, so lengths and offsets in characters are those in bytes.
  return Buffer.from(file, 'latin1');
}

function contentOf(lines: readonly string[]): string {
  return `BT /F1 10 Tf 12 TL 40 790 Td\n${lines.map((line) => `(${escapePdf(line)}) Tj T*`).join('\n')}\nET`;
}

/** Where WinAnsi has what Unicode keeps elsewhere (PDF 32000-1, annex D.2). */
const winAnsi: Readonly<Record<string, string>> = {
  '€': '\x80',
  '…': '\x85',
  '‘': '\x91',
  '’': '\x92',
  '“': '\x93',
  '”': '\x94',
  '•': '\x95',
  '–': '\x96',
  '—': '\x97',
};

function escapePdf(text: string): string {
  const encoded = text.replaceAll(/[^\x20-\x7e\xa0-\xff]/gu, (character) => winAnsi[character] ?? '?');
  return encoded.replaceAll(/[\\()]/g, '\\$&');
}
