export * from './archive-folder.js';
