// Says at the very end what failed and why, in few lines: of a long run often only its end is kept.

import type { FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';

/** Of an error: enough to tell what was expected where. */
const LINES = 12;

export default class Failures implements Reporter {
  private suite?: Suite;

  onBegin(_config: unknown, suite: Suite): void {
    this.suite = suite;
  }

  onEnd(_result: FullResult): void {
    for (const test of this.suite?.allTests() ?? []) {
      if (test.outcome() !== 'unexpected') continue;
      console.log(`\n✘ ${test.titlePath().slice(2).join(' › ')}`);
      for (const result of test.results) console.log(why(test, result));
    }
  }
}

function why(test: TestCase, result: TestResult): string {
  const seconds = `${(result.duration / 1000).toFixed(1)} s of ${test.timeout / 1000}`;
  const errors = result.errors.map(({ message, location }) => {
    const at = location ? `${location.file.split('/').pop()}:${location.line}` : 'nowhere in particular';
    // The terminal's colours are of no use in a file.
    const plain = (message ?? 'no message').replace(/\u001b\[[0-9;]*m/g, '').split('\n');
    return `  at ${at}:\n${plain.slice(0, LINES).map((line) => `    ${line}`).join('\n')}`;
  });
  return [`  ${result.status} after ${seconds}`, ...errors].join('\n');
}
