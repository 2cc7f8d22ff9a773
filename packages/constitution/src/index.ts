export {
  type Constitution,
  type ConstitutionOptions,
  constitution,
  constitutionFile,
  constitutionPath,
  containerEnvironment,
  derivedConstitution,
  parseConstitution,
  type Row,
} from './constitution.ts'
