import { ApiEntity, ApiVersionEntity } from './catalog/api-entity.js';
import { ApiProductApiEntity, ApiProductEntity, MeterEntity } from './catalog/api-product-entity.js';
import { PlanEntity, PlanVersionEntity } from './catalog/plan-entity.js';
import { ApplicationEntity } from './consumer/application-entity.js';
import { MembershipEntity, OrganizationEntity } from './consumer/organization-entity.js';
import { CredentialEntity } from './credential/credential-entity.js';
import { InvoiceEntity, InvoiceLineEntity, PaymentEntity } from './invoice/invoice-entity.js';
import { PublisherTeamEntity, PublisherTeamMemberEntity, StaffRoleEntity } from './publisher/publisher-team-entity.js';
import {
  BillingPeriodEntity,
  SubscriptionEntity,
  SubscriptionPhaseEntity,
} from './subscription/subscription-entity.js';

/** Every mapped table. The ledger, the change log and the outbox are plain SQL and have no entity. */
export const entities = [
  ApiEntity,
  ApiVersionEntity,
  ApiProductEntity,
  ApiProductApiEntity,
  MeterEntity,
  PlanEntity,
  PlanVersionEntity,
  PublisherTeamEntity,
  PublisherTeamMemberEntity,
  StaffRoleEntity,
  OrganizationEntity,
  MembershipEntity,
  ApplicationEntity,
  CredentialEntity,
  SubscriptionEntity,
  SubscriptionPhaseEntity,
  BillingPeriodEntity,
  InvoiceEntity,
  InvoiceLineEntity,
  PaymentEntity,
] as const;
