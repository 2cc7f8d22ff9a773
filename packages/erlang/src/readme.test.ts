import { resolve } from 'node:path'
import { describeReadmeOutput } from '@erlmcp/testkit'

describeReadmeOutput(resolve(import.meta.dirname, '../README.md'))
