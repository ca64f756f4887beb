import type { Membership, MembershipRole, Organization, PaymentTerms } from '#domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('organization')
export class OrganizationEntity implements Organization {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly slug!: string;
  @Column('text') readonly name!: string;
  @Column('text', { nullable: true }) readonly billingEmail!: string | null;
  @Column('text', { nullable: true }) readonly providerCustomerId!: string | null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly suspendedAt!: Date | null;
  @Column('integer', { default: 0 }) readonly invoiceReviewHours!: number;
  @Column('text', { default: 'card' }) readonly paymentMethod!: PaymentTerms['method'];
  @Column('integer', { default: 0 }) readonly netDays!: number;
}

@Entity('membership')
export class MembershipEntity implements Membership {
  @PrimaryColumn('uuid') readonly organizationId!: string;
  @PrimaryColumn('text') readonly userId!: string;
  @Column('text') readonly role!: MembershipRole;
  @Column('timestamptz') readonly createdAt!: Date;
}
