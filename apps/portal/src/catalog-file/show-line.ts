/** Selects a line of a long text, from 1, and brings it into sight with some of what is above it. */
export function showLine(field: HTMLTextAreaElement, line: number): void {
  const lines = field.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  field.scrollTop = Math.max(0, ((line - LINES_ABOVE) / lines.length) * field.scrollHeight);
  field.scrollLeft = 0;
}

const LINES_ABOVE = 4;
