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

const engine = {
  exclude: ['**/node_modules/**', '**/dist/**'],
  testTimeout: 600_000,
  hookTimeout: 900_000,
}
// Engine tests that run one after another: these measure, and those of `tests` build images of one name.
const measuring = ['packages/gates/src/bench/*.engine.test.ts']

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
          ...engine,
          name: 'engine',
          include: ['packages/*/src/**/*.engine.test.ts'],
          exclude: [...engine.exclude, ...measuring],
          // They wait for containers most of the time.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve,
        test: {
          ...engine,
          name: 'engine-alone',
          include: ['tests/**/*.engine.test.ts', ...measuring],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
