export { type AskedRegister, askTaxIdRegister } from './ask-register.js';
export {
  type CheckedBillingDetails,
  type ChangeBillingDetailsInput,
  type OwnBillingDetails,
  changeBillingDetails,
  findBillingDetails,
  setTaxExemption,
} from './billing-details.js';
export { type SetSellerTaxInput, setSellerTax } from './seller-tax.js';
export { checkTaxId } from './check-tax-id.js';
export { type TaxRatePreview, previewAddedTaxRate, previewEndedTaxRate } from './preview-tax-rates.js';
export { type TaxedPeriod } from './tax-periods.js';
export { type SellerWithTaxRates, addTaxRate, endTaxRate, listSellersWithTaxRates } from './tax-rates.js';
