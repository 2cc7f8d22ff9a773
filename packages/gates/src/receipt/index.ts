export { gitFacts, hashChunks, imageFacts, machineFacts } from './facts.ts'
export type {
  GitFacts,
  Hashed,
  ImageFacts,
  MachineFacts,
  Receipt,
  ReceiptFacts,
  SignedReceipt,
} from './receipt.ts'
export { readPrivateKey, readPublicKey, type Signature } from './signature.ts'
export {
  type AppendedReceipt,
  type AppendOptions,
  appendReceipt,
  receiptFolder,
} from './store.ts'
export {
  type ReadReceipt,
  type ReceiptDiagnostic,
  readReceipts,
  type Verification,
  type VerifyOptions,
  verifyReceipts,
} from './verify.ts'
