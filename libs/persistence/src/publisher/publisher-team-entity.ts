import type { PublisherTeam, StaffRole } from '#domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('publisher_team')
export class PublisherTeamEntity implements PublisherTeam {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly slug!: string;
  @Column('text') readonly name!: string;
  @Column('text', { default: 'default' }) readonly sellerSlug!: string;
  @Column('timestamptz') readonly createdAt!: Date;
}

@Entity('publisher_team_member')
export class PublisherTeamMemberEntity {
  @PrimaryColumn('uuid') readonly publisherTeamId!: string;
  @PrimaryColumn('text') readonly userId!: string;
  @Column('timestamptz') readonly createdAt!: Date;
}

@Entity('staff_role')
export class StaffRoleEntity {
  @PrimaryColumn('text') readonly userId!: string;
  @PrimaryColumn('text') readonly role!: StaffRole;
  @Column('timestamptz') readonly createdAt!: Date;
}
