/** One thing that is wrong with a plan, where ("prices[0].price.tiers[1].upTo"), and what is expected instead. */
export interface PlanFault {
  readonly path: string;
  readonly message: string;
}
