import { AddressRanges } from './address-ranges.js';

/** Who may call, by network address: CIDR ranges or single addresses. */
export interface AddressRulesDefinition {
  /** When not empty, only these may. */
  readonly allow: readonly string[];
  /** These may not, also when allowed. */
  readonly deny: readonly string[];
}

/** Rules in the form in which requests ask them. */
export class AddressRules {
  private readonly allowed: AddressRanges | null;
  private readonly denied: AddressRanges | null;

  /** @throws TypeError for what is no range. */
  constructor({ allow, deny }: AddressRulesDefinition) {
    this.allowed = allow.length === 0 ? null : AddressRanges.of(allow);
    this.denied = deny.length === 0 ? null : AddressRanges.of(deny);
  }

  permits(address: string): boolean {
    if (this.denied !== null && this.denied.has(address)) return false;
    return this.allowed === null || this.allowed.has(address);
  }
}
