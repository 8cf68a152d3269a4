import { defineConfig } from 'vitest/config';

/** Fast tests first; what starts servers or a sandbox is in projects of its own. */
const slow = ['test/contract/**', 'test/drills/**', 'test/e2e/**', 'test/sandbox/**'];

/** What judges a deployment under load wants no other load. */
const alone = ['test/e2e/steady.test.ts'];

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
      {
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: slow, ...inOrder(0, 2) },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts', 'test/sandbox/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...inOrder(1, 2),
        },
      },
      {
        test: {
          name: 'drills',
          include: ['test/drills/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...inOrder(2, 2),
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: alone,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...inOrder(3, 2),
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...inOrder(4, 1),
        },
      },
    ],
  },
});

/** One project after the other. Each file of the slow ones has a sandbox of its own, and mostly waits for it. */
function inOrder(
  groupOrder: number,
  maxWorkers: number,
): { sequence: { groupOrder: number }; maxWorkers: number } {
  return { sequence: { groupOrder }, maxWorkers };
}
