import type { Plan, PlanDefinition, PlanVersion, PlanVersionState, PlanVisibility } from '#domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('plan')
export class PlanEntity implements Plan {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly apiProductId!: string;
  @Column('text') readonly slug!: string;
  @Column('text') readonly title!: string;
  @Column('text') readonly summary!: string;
  @Column('integer') readonly position!: number;
  @Column('text', { default: 'public' }) readonly visibility!: PlanVisibility;
  @Column('timestamptz') readonly createdAt!: Date;
}

@Entity('plan_version')
export class PlanVersionEntity implements PlanVersion {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly planId!: string;
  @Column('integer') readonly number!: number;
  @Column('text') readonly state!: PlanVersionState;
  @Column('jsonb') readonly definition!: PlanDefinition;
  @Column('text') readonly definitionHash!: string;
  @Column('timestamptz') readonly publishedAt!: Date;
}
