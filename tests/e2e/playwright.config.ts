import { defineConfig } from '@playwright/test';
import { BROWSER_FLAGS, chromium } from './support/environment';

const shots = process.env['WAYMARK_SHOTS'];

export default defineConfig({
  testDir: 'specs',
  // The pictures are for people to look at: made only where somebody says where to put them.
  ...(shots ? { grep: /@shots/ } : { grepInvert: /@shots/ }),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/failures.ts']],
  use: {
    launchOptions: { executablePath: chromium(), args: BROWSER_FLAGS },
    locale: 'en-GB',
    timezoneId: 'Africa/Ndjamena',
    trace: 'retain-on-failure',
  },
});
