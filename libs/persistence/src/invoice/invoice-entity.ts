import type {
  Invoice,
  InvoiceBuyer,
  InvoiceKind,
  InvoiceLine,
  InvoiceLineKind,
  InvoiceSeller,
  InvoiceState,
  InvoiceTaxTreatment,
  Payment,
  PaymentMethod,
  PaymentTerms,
  TierCharge,
} from '#domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn, DecimalColumn } from '../database/columns.js';

@Entity('invoice')
export class InvoiceEntity implements Invoice {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly organizationId!: string;
  @Column('uuid') readonly subscriptionId!: string;
  @Column('timestamptz') readonly periodStart!: Date;
  @Column('timestamptz') readonly periodEnd!: Date;
  @Column('text', { default: 'live' }) readonly mode!: 'live';
  @Column('text', { default: 'period' }) readonly kind!: InvoiceKind;
  @Column('text') readonly state!: InvoiceState;
  @Column('text') readonly sellerSlug!: string;
  @Column('jsonb') readonly seller!: InvoiceSeller;
  @Column('jsonb', { nullable: true }) readonly buyer!: InvoiceBuyer | null;
  @Column('jsonb', { nullable: true }) readonly taxTreatment!: InvoiceTaxTreatment | null;
  @Column('text', { nullable: true }) readonly number!: string | null;
  @Column('text') readonly currency!: string;
  @BigintColumn() readonly subtotalMinor!: bigint;
  @BigintColumn() readonly taxMinor!: bigint;
  @BigintColumn() readonly totalMinor!: bigint;
  @BigintColumn() readonly excessCreditMinor!: bigint;
  @BigintColumn() readonly excessTaxMinor!: bigint;
  @BigintColumn() readonly balanceAppliedMinor!: bigint;
  @BigintColumn() readonly creditedMinor!: bigint;
  @BigintColumn() readonly paidMinor!: bigint;
  @BigintColumn({ default: '0' }) readonly chargedBackMinor!: bigint;
  @Column('text') readonly ratingHash!: string;
  @Column('integer', { default: 1 }) readonly generation!: number;
  @Column('integer', { default: 1 }) readonly attempt!: number;
  @Column('text', { nullable: true }) readonly providerInvoiceId!: string | null;
  @Column('text', { nullable: true }) readonly hostedUrl!: string | null;
  @Column('text', { nullable: true }) readonly hostedPdfUrl!: string | null;
  @Column('text', { nullable: true }) readonly failureCode!: string | null;
  @Column('text', { nullable: true }) readonly failureMessage!: string | null;
  @Column('timestamptz', { nullable: true }) readonly failedAt!: Date | null;
  @Column('text', { default: 'card' }) readonly paymentMethod!: PaymentTerms['method'];
  @Column('integer', { default: 0 }) readonly netDays!: number;
  @Column('timestamptz', { nullable: true }) readonly dueAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly pastDueSince!: Date | null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly reviewEndsAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly issuedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly paidAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly askedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly carriedAt!: Date | null;
  @Column('uuid', { nullable: true }) readonly joinsInvoiceId!: string | null;
  @BigintColumn({ nullable: true }) readonly joinedMinor!: bigint | null;
  @BigintColumn({ default: '0' }) readonly carriedInMinor!: bigint;
  @Column('text', { nullable: true }) readonly voidReason!: string | null;
  @Column('uuid', { nullable: true }) readonly replacesInvoiceId!: string | null;
}

@Entity('invoice_line')
export class InvoiceLineEntity implements InvoiceLine {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly organizationId!: string;
  @Column('uuid') readonly invoiceId!: string;
  @Column('integer') readonly position!: number;
  @Column('text') readonly kind!: InvoiceLineKind;
  @Column('uuid') readonly subscriptionId!: string;
  @Column('timestamptz') readonly periodStart!: Date;
  @Column('text', { default: 'live' }) readonly mode!: 'live';
  @Column('uuid') readonly phaseId!: string;
  @Column('uuid') readonly planVersionId!: string;
  @Column('text', { nullable: true }) readonly meter!: string | null;
  @Column('text') readonly description!: string;
  @Column('timestamptz', { nullable: true }) readonly serviceStart!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly serviceEnd!: Date | null;
  @DecimalColumn({ precision: 38, scale: 12 }) readonly quantity!: string;
  @DecimalColumn() readonly unroundedAmount!: string;
  @BigintColumn() readonly amountMinor!: bigint;
  @Column('jsonb') readonly breakdown!: readonly TierCharge[];
  @Column('text') readonly inputHash!: string;
  @Column('uuid', { nullable: true }) readonly creditGrantId!: string | null;
}

@Entity('payment')
export class PaymentEntity implements Payment {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly organizationId!: string;
  @Column('uuid') readonly invoiceId!: string;
  @Column('text') readonly method!: PaymentMethod;
  @Column('uuid', { nullable: true }) readonly bankTransferId!: string | null;
  @Column('uuid', { nullable: true }) readonly disputeId!: string | null;
  @Column('text', { nullable: true }) readonly providerPaymentId!: string | null;
  @Column('integer') readonly attempt!: number;
  @Column('text') readonly state!: 'succeeded' | 'failed';
  @BigintColumn() readonly amountMinor!: bigint;
  @Column('text') readonly currency!: string;
  @Column('text', { nullable: true }) readonly failureCode!: string | null;
  @Column('text', { nullable: true }) readonly failureMessage!: string | null;
  @Column('timestamptz') readonly createdAt!: Date;
}
