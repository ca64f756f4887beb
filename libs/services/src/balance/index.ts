export {
  type DecideAdjustmentInput,
  type ProposeAdjustmentInput,
  decideOnAdjustment,
  listAdjustments,
  proposeAdjustment,
} from './adjust-balance.js';
export { type BalanceStatement, readBalance } from './read-balance.js';
