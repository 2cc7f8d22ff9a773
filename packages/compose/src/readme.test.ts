import { resolve } from 'node:path'
import { describeReadme } from '@erlmcp/testkit'

describeReadme(resolve(import.meta.dirname, '../README.md'))
