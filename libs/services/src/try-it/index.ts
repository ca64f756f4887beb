export { type CallDestination, type OpenCallInput, openCall } from './open-call.js';
export {
  type CallCost,
  type CallPreview,
  type PreviewCallInput,
  type PreviewedMeter,
  previewCall,
} from './preview-call.js';
