export {
  type Constitution,
  type ConstitutionOptions,
  constitution,
  constitutionFile,
  constitutionPath,
  containerEnvironment,
  defaultPrefix,
  derivedConstitution,
  parseConstitution,
} from './constitution.ts'
export { gateServices, type Row } from './default-rows.ts'
