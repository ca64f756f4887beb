import type { Credential, HashAlgorithm, KeyRestrictions, Mode } from '#domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('credential')
export class CredentialEntity implements Credential {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly organizationId!: string;
  @Column('uuid') readonly applicationId!: string;
  @Column('text') readonly keyId!: string;
  @Column('text') readonly mode!: Mode;
  @Column('text') readonly name!: string;
  @Column('bytea') readonly secretHash!: Buffer;
  @Column('text') readonly hashAlgorithm!: HashAlgorithm;
  @Column('text', { nullable: true }) readonly hashSalt!: string | null;
  @Column('text', { nullable: true }) readonly pepperId!: string | null;
  @Column('text', { nullable: true }) readonly importedPrefix!: string | null;
  @Column('jsonb', { nullable: true }) readonly restrictions!: KeyRestrictions | null;
  @Column('uuid', { nullable: true }) readonly rotatedFromId!: string | null;
  @Column('boolean') readonly isTryIt!: boolean;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly expiresAt!: Date | null;
  /** When owners are to be told that it ends; null when there is nothing to tell, or when they know. */
  @Column('timestamptz', { nullable: true, select: false }) readonly expiryNoticeAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly revokedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly lastUsedAt!: Date | null;
}
