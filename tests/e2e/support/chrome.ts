// A browser that can be killed, with its profile in a folder that outlives it.

import { type BrowserContext, chromium as playwright } from '@playwright/test';
import { BROWSER_FLAGS, chromium } from './environment';
import { Phone, PHONE } from './phone';

export class Chrome {
  private constructor(
    readonly phone: Phone,
    private readonly context: BrowserContext,
  ) {}

  static async start(profile: string, origin: string): Promise<Chrome> {
    const context = await playwright.launchPersistentContext(profile, {
      ...PHONE,
      executablePath: chromium(),
      args: BROWSER_FLAGS,
      baseURL: origin,
      locale: 'en-GB',
      // Left alone by Playwright: the tests end it themselves, and not gently.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    return new Chrome(new Phone(page), context);
  }

  /** SIGKILL to the browser and all of its helpers, in the middle of whatever they do. */
  async kill(): Promise<void> {
    const end = await this.killer();
    await end();
  }

  /** As `kill`, but what takes time is done now: the killing itself is at once. */
  async killer(): Promise<() => Promise<void>> {
    const session = await this.context.browser()?.newBrowserCDPSession();
    if (!session) throw new Error('the browser cannot be asked for its processes');
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    // The browser itself before its helpers, so that it notices nothing.
    const sorted = processInfo.sort((one, other) => rank(one.type) - rank(other.type));
    return async () => {
      const closed = this.context.waitForEvent('close');
      for (const { id } of sorted) end(id);
      await closed;
    };
  }
}

const rank = (type: string) => (type === 'browser' ? 0 : 1);

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone with the browser already.
  }
}
