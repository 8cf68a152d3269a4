// A vitest reporter: errors that no test awaited, with the file they came from, as JSON beside the results. The JSON
// reporter leaves them out, and they fail a run all the same.
import { writeFileSync } from 'node:fs';

// oxlint-disable-next-line no-default-export -- vitest takes a reporter so
export default class UnhandledErrors {
  constructor({ outputFile }) {
    this.outputFile = outputFile;
  }

  onTestRunEnd(_modules, errors) {
    const found = errors.map((error) => ({
      file: error.VITEST_TEST_PATH ?? null,
      test: error.VITEST_TEST_NAME ?? null,
      message: String(error.message ?? error),
    }));
    writeFileSync(this.outputFile, JSON.stringify(found));
  }
}
