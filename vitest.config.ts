import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('./packages', import.meta.url))

// Tests run on the sources, so that a change needs no build; also fixtures and the code of a README,
// which tsconfig.json does not include.
// Sources have no entries that could be loaded lazily, so that the tests import them at once.
const alias = [
  { find: /\/(lint|merge)\/load\.ts$/, replacement: '/$1/index.ts' },
  { find: /^@erlmcp\/([\w-]+)\/(files|run)$/, replacement: `${packages}/$1/src/$2.ts` },
  { find: /^@erlmcp\/([\w-]+)\/([\w-]+)$/, replacement: `${packages}/$1/src/$2/index.ts` },
  { find: /^@erlmcp\/([\w-]+)$/, replacement: `${packages}/$1/src/index.ts` },
]
const resolve = { alias }

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.engine.test.ts', '**/node_modules/**', '**/dist/**'],
          setupFiles: ['tests/testing/property-rounds.ts'],
          testTimeout: 60_000,
          // No test replaces a module, so the files of a worker share what they import.
          isolate: false,
          // Many tests wait for a process: one worker less than cores leaves one of two cores idle.
          maxWorkers: '100%',
        },
      },
      {
        resolve,
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
