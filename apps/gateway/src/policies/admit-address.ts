import { AddressRules } from '#domain';
import type { AddressRulesDefinition } from '#domain';

/** The rules of a version, made once when the snapshot loads; null when there are none. */
export function compileAddresses(definition: AddressRulesDefinition | undefined): AddressRules | null {
  if (!definition || definition.allow.length + definition.deny.length === 0) return null;
  return new AddressRules(definition);
}
