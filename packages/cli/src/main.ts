#!/usr/bin/env node
import * as modules from 'node:module'

// From Node 22.8 on, later runs take compiled code from a cache: that is half of the time of a command.
const { enableCompileCache } = modules as { readonly enableCompileCache?: () => unknown }
if (enableCompileCache) enableCompileCache()
await import('./program.ts')
