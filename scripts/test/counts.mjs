/**
 * What one step came to.
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} [why] Said when the output alone does not show why it failed.
 */

/** @param {number | null} exitCode @returns {Counts} */
export function countExitCode(exitCode) {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * Reads vitest's JSON report. A file that could not be loaded, an error outside of any test and a
 * run without tests are failures too.
 *
 * @param {string | undefined} json
 * @param {number | null} exitCode
 * @returns {Counts}
 */
export function countVitest(json, exitCode) {
  const report = parse(json);
  if (!report) return { passed: 0, failed: 1, skipped: 0, why: 'vitest wrote no report.' };
  const passed = number(report.numPassedTests);
  const skipped = number(report.numPendingTests) + number(report.numTodoTests);
  const files = Array.isArray(report.testResults) ? report.testResults : [];
  const unloaded = files.filter((file) => file.status === 'failed' && !file.assertionResults?.some(isFailed)).length;
  const failed = number(report.numFailedTests) + unloaded;
  if (failed > 0) return { passed, failed, skipped };
  if (passed === 0) return { passed, failed: 1, skipped, why: 'No test ran.' };
  if (exitCode !== 0)
    return { passed, failed: 1, skipped, why: 'Every test passed, but an error happened outside of them.' };
  return { passed, failed, skipped };
}

/**
 * Reads dependency-cruiser's JSON report. Cruising nothing is a failure: the rules would hold of an
 * empty list.
 *
 * @param {string | undefined} json
 * @returns {Counts}
 */
export function countDependencies(json) {
  const summary = parse(json)?.summary;
  if (!summary || typeof summary !== 'object') {
    return { passed: 0, failed: 1, skipped: 0, why: 'dependency-cruiser wrote no report.' };
  }
  const { totalCruised, violations } = /** @type {{ totalCruised?: number, violations?: unknown }} */ (summary);
  if (!totalCruised) return { passed: 0, failed: 1, skipped: 0, why: 'dependency-cruiser found no modules.' };
  const broken = Array.isArray(violations)
    ? violations.filter((violation) => violation.rule?.severity === 'error')
    : [];
  if (broken.length === 0) return { passed: 1, failed: 0, skipped: 0 };
  const lines = broken.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
  return { passed: 0, failed: 1, skipped: 0, why: lines.join('\n') };
}

/** @param {{ status?: string }} result */
function isFailed(result) {
  return result.status === 'failed';
}

/** @param {unknown} value */
function number(value) {
  return typeof value === 'number' ? value : 0;
}

/** @param {string | undefined} json @returns {Record<string, unknown> | undefined} */
function parse(json) {
  try {
    const value = JSON.parse(json ?? '');
    return typeof value === 'object' && value ? value : undefined;
  } catch {
    return undefined;
  }
}
