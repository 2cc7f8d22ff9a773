export {
  type Constitution,
  type ConstitutionOptions,
  constitution,
  constitutionFile,
  constitutionPath,
  containerEnvironment,
  defaultPrefix,
  derivedConstitution,
  gateServices,
  parseConstitution,
  type Row,
} from './constitution.ts'
