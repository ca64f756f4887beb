import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../access/access.js';
import { IMAGE_CONTENT_SECURITY_POLICY } from '../security/content-security-policy.js';
import { sendFile } from '../static/send-file.js';
import { BRAND } from '../tokens.js';
import type { Brand } from './brand.js';

/** Every page needs them before it is drawn, and they change with a restart at most. */
const BRIEFLY = 'public, max-age=300';

/** The logo and the colours of the portal. */
@Public()
@ApiExcludeController()
@Controller('brand')
export class BrandController {
  constructor(@Inject(BRAND) private readonly brand: Brand) {}

  @Get('logo')
  async readLogo(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // An SVG is a document: opened by itself it could run what is in it.
    void reply.header('content-security-policy', IMAGE_CONTENT_SECURITY_POLICY);
    return sendFile(request, reply, this.brand.logo, BRIEFLY);
  }

  @Get('theme.css')
  async readTheme(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return sendFile(request, reply, this.brand.theme, BRIEFLY);
  }
}
