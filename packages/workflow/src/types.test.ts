import { resolve } from 'node:path'
import { describeRefused } from '@erlmcp/testkit'

describeRefused(resolve(import.meta.dirname, '../fixtures/refused'))
