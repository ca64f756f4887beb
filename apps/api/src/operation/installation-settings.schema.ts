import { PROCESS_KINDS } from '#domain';
import { z } from 'zod';
import { instant } from '../contract/value.schema.js';

const kind = z.enum(PROCESS_KINDS).describe('What it does: gateway, worker or, for the control plane, api.');

export const installationSettings = z
  .object({
    processes: z
      .array(
        z
          .object({
            kind,
            name: z.string().describe('Of a gateway its id, of others their machine and process.'),
            softwareVersion: z.string(),
            nodeVersion: z.string(),
            hostName: z.string().describe('Of the machine or container.'),
            startedAt: instant,
            heartbeatAt: instant,
            isSilent: z.boolean().describe('It was not heard of for 15 seconds.'),
            hasSettings: z.boolean().describe('False when what it said cannot be read.'),
          })
          .meta({ id: 'RunningProcess' }),
      )
      .readonly()
      .describe('Those that were heard of in the last day and have not stopped, by kind and name; 200 at most.'),
    missing: z
      .array(
        z
          .object({ kind, name: z.string().nullable().describe('Null when there is none of the kind at all.') })
          .meta({ id: 'MissingProcess' }),
      )
      .readonly()
      .describe('Processes that should say with which settings they run, and do not.'),
    settings: z
      .array(
        z
          .object({
            name: z.string(),
            group: z.string().describe('Under which .env.example has it.'),
            description: z.string().describe('As in .env.example.'),
            isSecret: z.boolean().describe('Of secrets it is told whether they are set, and nothing else.'),
            isOwn: z.boolean().describe('Each process has one of its own.'),
            differs: z.boolean().describe('Processes of one kind have more than one value.'),
            values: z
              .array(
                z
                  .object({
                    kind,
                    value: z
                      .string()
                      .nullable()
                      .describe('Null where there is none, and for secrets; URLs without user, password and query.'),
                    isSet: z.boolean().describe('Whether there is a value, be it a default.'),
                    isDefault: z.boolean().describe('Whether it is what it would be if nobody set it.'),
                    processes: z.array(z.string()).readonly().describe('Who has it, by name.'),
                  })
                  .meta({ id: 'SettingValue' }),
              )
              .readonly(),
          })
          .meta({ id: 'SettingInForce' }),
      )
      .readonly()
      .describe('Settings that some process reads, in the order of .env.example.'),
  })
  .meta({ id: 'InstallationSettings' });
