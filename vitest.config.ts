import { defineConfig } from 'vitest/config'

// Tests run on the sources, so that a change needs no build: tsconfig.json maps each package to them.
// Sources have no entry that could be loaded lazily, so that the tests import the rules at once.
const alias = [{ find: /\/lint\/load\.ts$/, replacement: '/lint/index.ts' }]
const resolve = { tsconfigPaths: true, alias }

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
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
