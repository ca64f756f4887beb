import { type InvoiceLine, addDecimals, formatDecimal, formatMoney, groupThousands, parseDecimal } from '#domain';
import { exactMoney, utcDate } from './amount-text.js';
import { type TierRow, chargeRow } from './charge-row.js';
import type { InvoiceDocument } from './invoice-document.js';
import { lineTitle } from './line-title.js';
import { type Sheet, colors, page } from './sheet.js';

const amountWidth = 90;
const quantityWidth = 95;
const amountLeft = page.right - amountWidth;
const quantityLeft = amountLeft - quantityWidth - 10;
const textWidth = quantityLeft - page.left - 10;
const tierIndent = 12;
/** Left edges of the columns of the tiers: how many units, the price of one, the flat amount. */
const tierColumns = { units: page.left + 130, price: page.left + 215, flat: page.left + 315 } as const;
const tierHeight = 13;
const small = { size: 8, color: colors.muted } as const;

/** Each line with what it is for and how its amount comes about; a line is not divided over two pages needlessly. */
export function drawLines(sheet: Sheet, document: InvoiceDocument, drawContinuation: () => void): void {
  const onNewPage = () => {
    drawContinuation();
    drawHead(sheet);
  };
  sheet.reserve(80, drawContinuation);
  drawHead(sheet);
  for (const line of document.invoice.lines) drawLine(sheet, document, line, onNewPage);
}

function drawHead(sheet: Sheet): void {
  sheet.pdf.rect(page.left, sheet.y, page.right - page.left, 20).fill(colors.panel);
  const top = sheet.y + 7;
  sheet.label('Description', page.left + 8, top, textWidth);
  sheet.label('Quantity', quantityLeft, top, quantityWidth, 'right');
  sheet.label('Amount', amountLeft - 8, top, amountWidth, 'right');
  sheet.y += 28;
}

function drawLine(sheet: Sheet, document: InvoiceDocument, line: InvoiceLine, onNewPage: () => void): void {
  const { currency } = document.invoice;
  const title = lineTitle(document, line);
  const detail = detailOf(document, line);
  const titleHeight = sheet.heightOf(title, textWidth - 8, { bold: true });
  const detailHeight = detail === '' ? 0 : sheet.heightOf(detail, textWidth - 8, small);
  // Two tiers stay with their line, so that it does not stand alone at the foot of a page.
  sheet.reserve(titleHeight + detailHeight + Math.min(line.breakdown.length + 1, 2) * tierHeight + 14, onNewPage);

  sheet.text(title, page.left + 8, sheet.y, textWidth - 8, { bold: true });
  if (hasQuantity(line))
    sheet.text(groupThousands(line.quantity), quantityLeft, sheet.y, quantityWidth, { align: 'right' });
  sheet.text(formatMoney(line.amountMinor, currency), amountLeft - 8, sheet.y, amountWidth, {
    bold: true,
    align: 'right',
  });
  sheet.y += titleHeight;
  sheet.y += sheet.text(detail, page.left + 8, sheet.y + 1, textWidth - 8, small) + 2;
  for (const tier of tiersOf(line, currency)) drawTier(sheet, tier, onNewPage);
  sheet.y += 6;
  sheet.rule(sheet.y);
  sheet.y += 9;
}

/** What the plan includes, then the rows of the breakdown: together the line's amount before rounding. */
function tiersOf(line: InvoiceLine, currency: string): TierRow[] {
  const rows = line.breakdown.map((charge) => chargeRow(charge, currency));
  const included = includedUnits(line);
  if (!isOfUsage(line) || included === '0') return rows;
  const amount = exactMoney('0', currency);
  return [{ label: 'Included in the plan', units: groupThousands(included), price: 'free', flat: '', amount }, ...rows];
}

/** What is taken off is of no number. */
function hasQuantity({ kind }: InvoiceLine): boolean {
  return kind !== 'discount' && kind !== 'prepaid_credit';
}

function isOfUsage({ kind }: InvoiceLine): boolean {
  return kind === 'usage' || kind === 'late_usage';
}

/** Those that no tier has; where rows are more than tiers of units, a row tells them. */
function includedUnits({ quantity, breakdown }: InvoiceLine): string {
  if (breakdown.some(({ basis }) => basis !== undefined)) return '0';
  const billed = addDecimals('0', ...breakdown.map(({ units }) => units));
  return formatDecimal(parseDecimal(quantity).minus(parseDecimal(billed)));
}

function drawTier(sheet: Sheet, tier: TierRow, onNewPage: () => void): void {
  sheet.reserve(tierHeight + 6, onNewPage);
  const top = sheet.y + 2;
  sheet.text(tier.label, page.left + 8 + tierIndent, top, tierColumns.units - page.left - 20, small);
  sheet.text(tier.units, tierColumns.units, top, 75, { ...small, align: 'right' });
  sheet.text(tier.price, tierColumns.price, top, 95, small);
  sheet.text(tier.flat, tierColumns.flat, top, 90, small);
  sheet.text(tier.amount, amountLeft - 8, top, amountWidth, { ...small, align: 'right' });
  sheet.y += tierHeight;
}

function detailOf({ plans, meters }: InvoiceDocument, line: InvoiceLine): string {
  if (line.kind === 'minimum_commitment') return 'What the usage of the period is below the minimum of the plan';
  if (line.kind === 'discount') return line.description;
  if (line.kind === 'prepaid_credit' || line.kind === 'credit_purchase')
    return line.description.replace(/^Prepaid credits( returned)?: /, '');
  if (line.meter === null) {
    const plan = plans.find(({ planVersionId }) => planVersionId === line.planVersionId);
    const span = /\bfrom .+/.exec(line.description)?.[0] ?? (line.kind === 'setup_fee' ? 'once' : 'one month');
    return plan ? `${plan.title} plan, ${span}` : '';
  }
  const unit = meters.find(({ slug }) => slug === line.meter)?.unit;
  return [
    line.kind === 'late_usage' ? `Of the period that began on ${utcDate(line.periodStart)}` : '',
    unit ? `Unit: ${unit}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
