import { fileURLToPath } from 'node:url';
import { type PrintableText, printable } from './printable-text.js';

const fontFile = (name: string) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

/** The standard fonts are in every reader; of the embedded ones a document holds the letters that it shows. */
const fonts: Readonly<Record<PrintableText['font'], { readonly plain: string; readonly bold: string }>> = {
  standard: { plain: 'Helvetica', bold: 'Helvetica-Bold' },
  embedded: { plain: fontFile('DejaVuSans'), bold: fontFile('DejaVuSans-Bold') },
};

/** A4 in points, and where its content is. */
export const page = { width: 595.28, height: 841.89, left: 50, right: 545.28, top: 54, bottom: 772 } as const;

export const colors = {
  ink: '#16202c',
  muted: '#66717f',
  faint: '#97a1ad',
  rule: '#dfe4ea',
  panel: '#f5f7f9',
  accent: '#3b5bdb',
  good: '#2b8a3e',
  bad: '#c92a2a',
} as const;

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly align?: 'left' | 'center' | 'right';
  /** Letters spread, for small capitals. */
  readonly spacing?: number;
  /** What does not fit on the line is cut off. */
  readonly oneLine?: boolean;
}

/** Pages to draw on from top to bottom, with the place where the next part goes. */
export class Sheet {
  /** The top of what is drawn next. */
  y: number = page.top;

  constructor(readonly pdf: PDFKit.PDFDocument) {}

  /** Begins a new page, drawing its head with `onNewPage`, unless `height` points are left on this one. */
  reserve(height: number, onNewPage: () => void = () => {}): void {
    if (this.y + height <= page.bottom) return;
    this.pdf.addPage();
    this.y = page.top;
    onNewPage();
  }

  /** Draws text in a box at `top`, wrapped to `width`; returns the height that it took. */
  text(text: string, left: number, top: number, width: number, style: TextStyle = {}): number {
    const { text: shown, font } = printable(text);
    if (shown === '') return 0;
    const { align = 'left', color = colors.ink, spacing = 0 } = style;
    this.choose(style, font);
    const cut = style.oneLine ? { height: this.pdf.currentLineHeight(), ellipsis: '…' } : {};
    const options = { width, align, characterSpacing: spacing, lineGap: 1.5, ...cut };
    const height = this.pdf.heightOfString(shown, options);
    this.pdf.fillColor(color).text(shown, left, top, options);
    return height;
  }

  heightOf(text: string, width: number, style: TextStyle = {}): number {
    const { text: shown, font } = printable(text);
    this.choose(style, font);
    return this.pdf.heightOfString(shown, { width, lineGap: 1.5, characterSpacing: style.spacing ?? 0 });
  }

  widthOf(text: string, style: TextStyle = {}): number {
    const { text: shown, font } = printable(text);
    this.choose(style, font);
    return this.pdf.widthOfString(shown, { characterSpacing: style.spacing ?? 0 });
  }

  /** A small heading in capitals. */
  label(text: string, left: number, top: number, width: number, align: 'left' | 'right' = 'left'): void {
    this.text(text.toUpperCase(), left, top, width, { size: 7, bold: true, color: colors.faint, spacing: 0.6, align });
  }

  rule(top: number, color: string = colors.rule, left: number = page.left, right: number = page.right): void {
    this.pdf.moveTo(left, top).lineTo(right, top).lineWidth(0.75).strokeColor(color).stroke();
  }

  private choose({ size = 9, bold = false }: TextStyle, font: PrintableText['font']): void {
    this.pdf.font(fonts[font][bold ? 'bold' : 'plain']).fontSize(size);
  }
}
