import type {
  BillingPeriod,
  BillingPeriodState,
  PaymentState,
  Subscription,
  SubscriptionPhase,
  SubscriptionState,
  SuspensionReason,
} from '#domain';
import { BigintColumn } from '../database/columns.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('subscription')
export class SubscriptionEntity implements Subscription {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly organizationId!: string;
  @Column('uuid') readonly applicationId!: string;
  @Column('uuid') readonly apiProductId!: string;
  @Column('text') readonly state!: SubscriptionState;
  @Column('text', { default: 'current' }) readonly paymentState!: PaymentState;
  @Column('text', { array: true, default: '{}' }) readonly suspendedFor!: readonly SuspensionReason[];
  @BigintColumn({ nullable: true }) readonly moneyCapMinor!: bigint | null;
  @Column('timestamptz') readonly anchorAt!: Date;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly canceledAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly cancelAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly trialCheckedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly priceRiseCheckAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly priceRiseToldAt!: Date | null;
}

@Entity('subscription_phase')
export class SubscriptionPhaseEntity implements SubscriptionPhase {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly organizationId!: string;
  @Column('uuid') readonly subscriptionId!: string;
  @Column('uuid') readonly planVersionId!: string;
  @Column('timestamptz') readonly startsAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly endsAt!: Date | null;
  @Column('boolean', { default: false }) readonly isTrial!: boolean;
}

@Entity('billing_period')
export class BillingPeriodEntity implements BillingPeriod {
  @PrimaryColumn('uuid') readonly subscriptionId!: string;
  @PrimaryColumn('timestamptz') readonly startsAt!: Date;
  @Column('timestamptz') readonly endsAt!: Date;
  @Column('text', { default: 'live' }) readonly mode!: 'live';
  @Column('uuid') readonly organizationId!: string;
  @Column('text') readonly state!: BillingPeriodState;
  @Column('timestamptz', { nullable: true }) readonly closedAt!: Date | null;
  @Column('text', { nullable: true }) readonly heldReason!: string | null;
}
