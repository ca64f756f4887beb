// What the application of nest-queue.ts and its worker have in common.
import 'reflect-metadata';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class ApiKey {
  @PrimaryColumn('text')
  hash!: string;

  @Column('text')
  consumer!: string;
}

@Entity()
export class Call {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  consumer!: string;

  @Column('text')
  method!: string;

  @Column('text')
  path!: string;

  @Column('integer')
  status!: number;

  @Column('double precision')
  ms!: number;
}

const { DATABASE_URL, REDIS_URL } = process.env;

export const database: TypeOrmModuleOptions = {
  type: 'postgres',
  url: DATABASE_URL!,
  entities: [ApiKey, Call],
  synchronize: true,
};

const { hostname, port } = new URL(REDIS_URL!);
export const redisConnection = { host: hostname, port: Number(port) };
