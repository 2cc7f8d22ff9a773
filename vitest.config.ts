import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

// Tests run on the sources, so that a change is seen without a build. Longer names come first:
// an alias matches a prefix.
const alias = {
  '@erlmcp/compose/services': source('compose/src/services/index.ts'),
  '@erlmcp/workflow/files': source('workflow/src/files.ts'),
  '@erlmcp/gates/run': source('gates/src/run/index.ts'),
  '@erlmcp/cluster/run': source('cluster/src/run/index.ts'),
  '@erlmcp/core': source('core/src/index.ts'),
  '@erlmcp/dockerfile': source('dockerfile/src/index.ts'),
  '@erlmcp/erlang': source('erlang/src/index.ts'),
  '@erlmcp/compose': source('compose/src/index.ts'),
  '@erlmcp/workflow': source('workflow/src/index.ts'),
  '@erlmcp/gates': source('gates/src/index.ts'),
  '@erlmcp/cluster': source('cluster/src/index.ts'),
  '@erlmcp/cli': source('cli/src/index.ts'),
  '@erlmcp/projen': source('projen/src/index.ts'),
  '@erlmcp/testkit': source('testkit/src/index.ts'),
}

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.engine.test.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 60_000,
          // Many tests wait for a process: one worker less than cores leaves one of two cores idle.
          maxWorkers: '100%',
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'engine',
          include: ['packages/*/src/**/*.engine.test.ts', 'tests/**/*.engine.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          // One engine, two cores: containers of two files at once would only slow each other down.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
})
