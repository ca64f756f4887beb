export { expireCredits } from './expire-credits.js';
export {
  type DecideCreditsInput,
  type ProposeCreditsInput,
  decideOnCredits,
  listCreditProposals,
  proposeCredits,
} from './give-credits.js';
export { giveUpPurchase, requirePage } from './give-up-purchase.js';
export { type PurchaseCreditsInput, purchaseCredits } from './purchase-credits.js';
export { type CreditStatement, type CreditStore, readCredits } from './read-credits.js';
export { type SetTopUpInput, removeTopUp, setTopUp } from './top-up-rule.js';
export { type CreditAlert, type CreditMails, type TopUpStop, watchCredits } from './watch-credits.js';
