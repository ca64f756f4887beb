import type { Application } from '#domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('application')
export class ApplicationEntity implements Application {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly organizationId!: string;
  @Column('text') readonly name!: string;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly suspendedAt!: Date | null;
  @Column('timestamptz', { nullable: true, select: false }) readonly deletedAt!: Date | null;
}
