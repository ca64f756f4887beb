import { type ProductToEdit, type ServiceContext, createProduct, findProductToEdit, replaceProduct } from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { slug } from '../contract/value.schema.js';
import { renderMarkdown } from '../markup/render-markdown.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  createProductRequest,
  markdownPreview,
  markdownPreviewRequest,
  productRequest,
  productToEdit,
} from './product-editor.schema.js';

/** What a publisher does with products: all that a catalogue file does, by the same services. Their plans: `PlanEditorController`. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/products')
export class ProductEditorController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post()
  @Answers(productToEdit, {
    summary: 'Add a product',
    description: 'Only its publishers see it until a plan of it is published. Refused with every fault of it.',
    status: 201,
  })
  async createProduct(
    @Body({ schema: createProductRequest }) body: z.output<typeof createProductRequest>,
    @CurrentCaller() { userId, actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof productToEdit>> {
    const { slug: product, publisher, ...words } = body;
    const edited = { product, publisherUserId: userId };
    await createProduct(this.context, { ...edited, words, publisher: publisher ?? null, actor });
    return this.answer(edited, reply);
  }

  @Get(':product')
  @Answers(productToEdit, {
    summary: 'A product as its publisher edits it',
    description: 'Its ETag is for changing it.',
  })
  findProductToEdit(
    @Param('product', { schema: slug }) product: string,
    @CurrentCaller() { userId }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof productToEdit>> {
    return this.answer({ product, publisherUserId: userId }, reply);
  }

  @Put(':product')
  @IfMatch()
  @Answers(productToEdit, {
    summary: 'Change a product, at once',
    description:
      'Without `terms` or `taxCode` these stay. Meters can be added and changed, and stay for good. Subscribers have what its APIs serve then.',
  })
  async replaceProduct(
    @Param('product', { schema: slug }) product: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: productRequest }) words: z.output<typeof productRequest>,
    @CurrentCaller() { userId, actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof productToEdit>> {
    const edited = { product, publisherUserId: userId };
    await replaceProduct(this.context, { ...edited, words, actor, check: seenBy(ifMatch, changeable) });
    return this.answer(edited, reply);
  }

  @Post('markdown-preview')
  @Answers(markdownPreview, {
    summary: 'What the page of a product would show of a description',
    description: 'Keeps nothing.',
  })
  previewMarkdown(
    @Body({ schema: markdownPreviewRequest }) { markdown }: z.output<typeof markdownPreviewRequest>,
  ): z.input<typeof markdownPreview> {
    return { html: renderMarkdown(markdown) };
  }

  private async answer(
    edited: { readonly product: string; readonly publisherUserId: string },
    reply: FastifyReply,
  ): Promise<ProductToEdit> {
    const found = await findProductToEdit(this.context, edited);
    return withEtag(reply, found, changeable(found));
  }
}

function changeable({ words }: ProductToEdit): unknown {
  return words;
}
