import type { Document } from '@erlmcp/core'

/** A file of `.github/workflows`, in its own words. */
export interface Workflow extends Document {}
