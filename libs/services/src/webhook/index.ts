export {
  type DeliveryPorts,
  type WebhookAnswer,
  type WebhookRequest,
  deliverWebhook,
  leaseWebhooks,
  oldestWaitingWebhookMs,
  purgeWebhooks,
  returnWebhooks,
} from './deliver-webhooks.js';
export {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  editWebhookEndpoint,
  findWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
} from './manage-endpoints.js';
export {
  type WebhookDeliveryLog,
  findWebhookDelivery,
  listWebhookDeliveries,
  resendWebhook,
  sendTestWebhook,
} from './webhook-deliveries.js';
