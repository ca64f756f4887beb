import type { CardEntry } from '../cards/card-entry.js';
import { testCards } from '../cards/test-card.js';
import { escapeHtml } from './html.js';

export const emptyEntry: CardEntry = { number: '', expiry: '', cvc: '', name: '' };

/** What a person typed, from the fields of the form. */
export function entryFrom(form: URLSearchParams): CardEntry {
  return {
    number: form.get('number') ?? '',
    expiry: form.get('expiry') ?? '',
    cvc: form.get('cvc') ?? '',
    name: form.get('name') ?? '',
  };
}

/** The entry that `?card=<number>` asks for, so that choosing a test card needs no script; empty without one. */
export function chosenEntry(query: URLSearchParams, nowSeconds: number): CardEntry {
  const card = testCards.find(({ number }) => number === query.get('card'));
  if (card === undefined) return emptyEntry;
  const nextYear = String((new Date(nowSeconds * 1000).getUTCFullYear() + 2) % 100).padStart(2, '0');
  return { number: grouped(card.number), expiry: `12 / ${nextYear}`, cvc: '123', name: '' };
}

/** The fields of a card, with what is wrong above them. */
export function cardFields(entry: CardEntry, problem?: string): string {
  const error = problem ? `<p class="error" role="alert" id="problem">${escapeHtml(problem)}</p>` : '';
  const described = problem ? ' aria-describedby="problem"' : '';
  return `${error}
${field('number', 'Card number', `autocomplete="cc-number" inputmode="numeric" placeholder="4242 4242 4242 4242" required${described}`, entry.number)}
<div class="pair">
${field('expiry', 'Expiry', 'autocomplete="cc-exp" inputmode="numeric" placeholder="MM / YY" required', entry.expiry)}
${field('cvc', 'CVC', 'autocomplete="cc-csc" inputmode="numeric" placeholder="123" maxlength="4" required', entry.cvc)}
</div>
${field('name', 'Name on card', 'autocomplete="cc-name" maxlength="200"', entry.name)}`;
}

/** Links that fill in the form. */
export function testCardChoice(): string {
  return `<section class="choice">
<h2>Test cards: choose one to fill in the form</h2>
<ul class="cards">
${testCards.map(({ number, note }) => `<li><a href="?card=${number}#card"><code>${grouped(number)}</code><span>${escapeHtml(note)}</span></a></li>`).join('\n')}
</ul>
</section>`;
}

export function grouped(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
}

function field(name: keyof CardEntry, label: string, attributes: string, value: string): string {
  return `<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${escapeHtml(value)}" ${attributes}></div>`;
}
