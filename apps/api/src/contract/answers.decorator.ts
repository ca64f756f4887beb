import { HttpCode, SerializeOptions, applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

interface Description {
  readonly summary: string;
  readonly description?: string;
  /** 200 unless given. */
  readonly status?: number;
}

/**
 * What a route answers. The schema is the type of the handler's result, what the OpenAPI document says, and the filter
 * that the result goes through: a field that it does not name never leaves the process.
 */
export function Answers(schema: z.ZodType, { summary, description, status = 200 }: Description): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    // Nest takes the items of an array one by one.
    SerializeOptions({ schema: schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema }),
    ApiOperation({ summary, ...(description !== undefined && { description }) }),
    ApiResponse({ status, description: summary, standardSchema: schema }),
  );
}

/** A JSON file that is sent as it is; the schema is for the OpenAPI document only. */
export function AnswersFile(schema: z.ZodType, { summary, description }: Omit<Description, 'status'>): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, ...(description !== undefined && { description }) }),
    ApiProduces('application/json'),
    ApiResponse({ status: 200, description: summary, standardSchema: schema }),
  );
}

/** A route that answers something else than JSON: a file, or a page; of several media types, the one that is asked for. */
export function AnswersWith(
  mediaTypes: string | readonly string[],
  { summary, description, status = 200 }: Description,
): MethodDecorator {
  const types = [mediaTypes].flat();
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, ...(description !== undefined && { description }) }),
    ApiProduces(...types),
    ApiResponse({
      status,
      description: summary,
      content: Object.fromEntries(
        types.map((type) => [
          type,
          { schema: type.startsWith('text/') ? { type: 'string' } : { type: 'string', format: 'binary' } },
        ]),
      ),
    }),
  );
}

/** A route that answers 204, without a body. */
export function AnswersNothing({ summary, description }: Omit<Description, 'status'>): MethodDecorator {
  return applyDecorators(
    HttpCode(204),
    ApiOperation({ summary, ...(description !== undefined && { description }) }),
    ApiResponse({ status: 204, description: summary }),
  );
}
