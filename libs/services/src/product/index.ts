export {
  type CreateProductInput,
  type EditedProduct,
  type ProductToEdit,
  type ReplaceProductInput,
  createProduct,
  findProductToEdit,
  replaceProduct,
} from './edit-product.js';
export { type ProductInWords, productInWords } from './product-in-words.js';
