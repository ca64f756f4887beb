import { cardDeclined } from './card-fault.js';
import { testCards, type TestCard } from './test-card.js';

/** What a person typed into the card form. */
export interface CardEntry {
  readonly number: string;
  /** `MM / YY`, in any spacing. */
  readonly expiry: string;
  readonly cvc: string;
  readonly name: string;
}

export interface AcceptedCard {
  readonly card: TestCard;
  readonly expMonth: number;
  readonly expYear: number;
  readonly name: string | null;
}

/** The test card that was typed; throws Stripe's card error when the form is wrong or the number is no test card. */
export function readCardEntry(entry: CardEntry, nowSeconds: number): AcceptedCard {
  const number = entry.number.replaceAll(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) {
    throw cardDeclined({ code: 'incorrect_number', message: 'Your card number is incorrect.' });
  }
  const { expMonth, expYear } = readExpiry(entry.expiry, nowSeconds);
  if (!/^\d{3,4}$/.test(entry.cvc.trim())) {
    throw cardDeclined({ code: 'invalid_cvc', message: "Your card's security code is invalid." });
  }
  const card = testCards.find((candidate) => candidate.number === number);
  if (card === undefined) {
    throw cardDeclined({
      code: 'card_declined',
      declineCode: 'test_mode_live_card',
      message: 'Your card was declined. Payments are simulated here: use one of the test cards below.',
    });
  }
  return { card, expMonth, expYear, name: entry.name.trim() === '' ? null : entry.name.trim().slice(0, 200) };
}

function readExpiry(text: string, nowSeconds: number): { expMonth: number; expYear: number } {
  const match = /^(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})$/.exec(text.trim());
  const expMonth = Number(match?.[1]);
  const expYear = match ? (match[2]!.length === 2 ? 2000 : 0) + Number(match[2]) : NaN;
  if (!(expMonth >= 1 && expMonth <= 12)) {
    throw cardDeclined({ code: 'invalid_expiry_month', message: "Your card's expiration month is invalid." });
  }
  const now = new Date(nowSeconds * 1000);
  const monthsLeft = (expYear - now.getUTCFullYear()) * 12 + expMonth - 1 - now.getUTCMonth();
  if (monthsLeft < 0 || monthsLeft > 50 * 12) {
    throw cardDeclined({ code: 'invalid_expiry_year', message: "Your card's expiration year is invalid." });
  }
  return { expMonth, expYear };
}

/** The check digit of ISO/IEC 7812-1. */
function passesLuhn(number: string): boolean {
  let sum = 0;
  for (const [position, digit] of number.split('').reverse().entries()) {
    const value = Number(digit) * (position % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
