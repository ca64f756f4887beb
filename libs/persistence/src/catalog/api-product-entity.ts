import type {
  Aggregation,
  ApiProduct,
  CreditPack,
  DistinctValue,
  Meter,
  MeterBinding,
  ProductTaxCategory,
} from '#domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('api_product')
export class ApiProductEntity implements ApiProduct {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly publisherTeamId!: string;
  @Column('text') readonly slug!: string;
  @Column('text') readonly title!: string;
  @Column('text') readonly summary!: string;
  @Column('text') readonly description!: string;
  @Column('text', { array: true, default: [] }) readonly tags!: readonly string[];
  @Column('integer') readonly position!: number;
  @Column('integer') readonly testQuota!: number;
  @Column('text', { default: 'standard' }) readonly taxCategory!: ProductTaxCategory;
  @Column('text', { nullable: true }) readonly taxCode!: string | null;
  @Column('jsonb', { default: [] }) readonly creditPacks!: readonly CreditPack[];
  @Column('timestamptz') readonly createdAt!: Date;
}

@Entity('api_product_api')
export class ApiProductApiEntity {
  @PrimaryColumn('uuid') readonly apiProductId!: string;
  @PrimaryColumn('uuid') readonly apiId!: string;
}

@Entity('meter')
export class MeterEntity implements Meter {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly apiProductId!: string;
  @Column('text') readonly slug!: string;
  @Column('text') readonly title!: string;
  @Column('text') readonly unit!: string;
  @Column('text') readonly aggregation!: Aggregation;
  @Column('jsonb') readonly bindings!: readonly MeterBinding[];
  @Column('jsonb', { nullable: true }) readonly distinctValue!: DistinctValue | null;
}
