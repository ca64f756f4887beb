import type { Api, ApiVersion, ApiVersionState, Guide, Route, Upstream, VersionHeader, VersionPolicies } from '#domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('api')
export class ApiEntity implements Api {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly publisherTeamId!: string;
  @Column('text') readonly slug!: string;
  @Column('text') readonly title!: string;
  @Column('timestamptz') readonly createdAt!: Date;
}

@Entity('api_version')
export class ApiVersionEntity implements ApiVersion {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly apiId!: string;
  @Column('text') readonly name!: string;
  @Column('text') readonly state!: ApiVersionState;
  @Column('integer') readonly position!: number;
  @Column('text', { nullable: true }) readonly host!: string | null;
  @Column('text') readonly basePath!: string;
  @Column('jsonb', { nullable: true }) readonly versionHeader!: VersionHeader | null;
  @Column('json') readonly document!: Readonly<Record<string, unknown>>;
  @Column('text') readonly documentHash!: string;
  @Column('json', { nullable: true }) readonly contract!: Readonly<Record<string, unknown>> | null;
  @Column('jsonb') readonly routes!: readonly Route[];
  @Column('jsonb', { nullable: true }) readonly upstream!: Upstream | null;
  @Column('jsonb') readonly policies!: VersionPolicies;
  @Column('uuid', { nullable: true }) readonly upstreamSecretId!: string | null;
  @Column('uuid', { nullable: true }) readonly clientKeySecretId!: string | null;
  @Column('timestamptz', { nullable: true }) readonly publishedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly deprecatedAt!: Date | null;
  @Column('date', { nullable: true }) readonly sunsetOn!: string | null;
  @Column('jsonb') readonly guides!: readonly Guide[];
  @Column('timestamptz') readonly createdAt!: Date;
}
