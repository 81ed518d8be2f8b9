// The forms for OpenRosa as Enketo, the web form of ODK Central, KoboToolbox and Ona, makes pages of them. Its transformer
// runs in the browser, as Enketo has it for the web.

import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { temporaryFolder } from '../support/environment';
import { expect, test } from '../support/fixtures';
import { writeForms } from '../support/server';

const ENKETO = 'http://enketo.test';

for (const language of ['en', 'ar']) {
  test(`Enketo makes a page of every form, in ${language}`, async ({ page }) => {
    const folder = await temporaryFolder();
    await writeForms(folder.path, language);
    const transformer = createRequire(import.meta.url).resolve('enketo-transformer/web');
    await page.route(`${ENKETO}/**`, (route) =>
      new URL(route.request().url()).pathname === '/transformer.js'
        ? route.fulfill({ path: transformer, contentType: 'text/javascript' })
        : route.fulfill({ body: '<!doctype html><title>Enketo</title>', contentType: 'text/html' }),
    );
    await page.goto(ENKETO);
    const names = (await readdir(folder.path)).filter((name) => name.endsWith('.xml'));
    expect(names.length).toBeGreaterThan(30);
    for (const name of names) {
      const xform = await readFile(join(folder.path, name), 'utf8');
      const { asked, made, words, instance, title } = await page.evaluate(async (xform) => {
        const { transform } = await import('/transformer.js' as string);
        const { form, model } = await transform({ xform });
        const given = new DOMParser().parseFromString(xform, 'application/xml');
        const page = new DOMParser().parseFromString(form, 'text/html');
        const filled = new DOMParser().parseFromString(model, 'application/xml');
        const body = given.getElementsByTagNameNS('http://www.w3.org/1999/xhtml', 'body')[0]!;
        // Each answer of a choice is a control of its own there.
        const names = [...page.querySelectorAll('[name], [data-name]')].map(
          (control) => control.getAttribute('data-name') ?? control.getAttribute('name') ?? '',
        );
        return {
          asked: [...body.querySelectorAll('input, select, select1, upload')].map((one) => one.getAttribute('ref') ?? ''),
          made: [...new Set(names)],
          words: [...page.querySelectorAll('.question-label.active')].map((label) => label.textContent?.trim() ?? ''),
          instance: filled.querySelector('instance > *')?.getAttribute('id'),
          title: page.querySelector('#form-title')?.textContent?.trim(),
        };
      }, xform);
      expect(asked.length, name).toBeGreaterThan(0);
      expect(asked.filter((ref) => !made.includes(ref)), `questions of ${name} that are not on the page`).toEqual([]);
      expect(words.length, name).toBeGreaterThanOrEqual(asked.length);
      expect(words, `questions of ${name} without words`).not.toContain('');
      expect(`${instance}.xml`).toBe(name);
      expect(title, name).toBeTruthy();
    }
    await folder.remove();
  });
}
