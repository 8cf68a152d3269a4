import { defineConfig } from 'vitest/config';

/** Fast tests first; what starts servers or a sandbox is in projects of its own. */
const slow = ['test/contract/**', 'test/drills/**', 'test/e2e/**', 'test/sandbox/**'];

/** Where CI wants the results as JSON. */
const results = process.env['LFCTL_TEST_RESULTS'];

export default defineConfig({
  test: {
    ...(results === undefined
      ? {}
      : {
          reporters: [
            'default',
            'json',
            ['./scripts/unhandled-errors.mjs', { outputFile: `${results}.errors` }],
          ],
          outputFile: { json: results },
        }),
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: slow } },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts', 'test/sandbox/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Each file has a sandbox of its own, and mostly waits for it.
        test: {
          name: 'drills',
          include: ['test/drills/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
