/**
 * What an import says of a place in its input. `left_out`: nothing in the catalogue corresponds. `changed`: it is carried
 * over, and means something else. `to_do`: somebody must do something before it works.
 */
export interface ImportRemark {
  readonly kind: 'left_out' | 'changed' | 'to_do';
  readonly place: string;
  readonly message: string;
}

/** Collects what an import has to say; the same is said once. */
export class ImportReport {
  private readonly byText = new Map<string, ImportRemark>();

  get remarks(): readonly ImportRemark[] {
    return [...this.byText.values()];
  }

  leftOut(place: string, message: string): void {
    this.add({ kind: 'left_out', place, message });
  }

  changed(place: string, message: string): void {
    this.add({ kind: 'changed', place, message });
  }

  toDo(place: string, message: string): void {
    this.add({ kind: 'to_do', place, message });
  }

  private add(remark: ImportRemark): void {
    this.byText.set(`${remark.kind} ${remark.place} ${remark.message}`, remark);
  }
}

const HEADINGS = {
  left_out: 'Left out:',
  changed: 'Carried over, and means something else:',
  to_do: 'To do:',
} as const;

/** The remarks for people, by kind, in the order of the input. */
export function describeRemarks(remarks: readonly ImportRemark[]): string {
  const parts = (['left_out', 'changed', 'to_do'] as const).flatMap((kind) => {
    const lines = remarks.filter((remark) => remark.kind === kind);
    if (lines.length === 0) return [];
    return [HEADINGS[kind], ...lines.map(({ place, message }) => `  ${place}: ${message}`)];
  });
  return parts.length === 0 ? 'Everything was carried over.' : parts.join('\n');
}

/** A text of the input as it is shown: on one line, and not for long. */
export function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return /^[\w.~:/@*+ …-]+$/.test(short) ? short : JSON.stringify(short);
}
