export { gitFacts, hashOf, imageFacts, machineFacts } from './facts.ts'
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
  type Appended,
  type AppendOptions,
  appendReceipt,
  receiptFolder,
} from './store.ts'
export {
  type ReadReceipt,
  type ReceiptProblem,
  readReceipts,
  type Verification,
  type VerifyOptions,
  verifyReceipts,
} from './verify.ts'
