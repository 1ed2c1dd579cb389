// What holds on every page, in every state and language.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';

const axe = createRequire(import.meta.url)('axe-core').source;

/** Width of the narrowest and of a wide screen, in CSS pixels. */
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 900 };

const validator = new HtmlValidate({
  extends: ['html-validate:standard'],
  rules: {
    // The forms check on the server, so that the words are ours and in both languages.
    'wcag/h32': 'error',
    'no-inline-style': 'error',
    'long-title': 'off',
    // Matters of taste that the templates do not share.
    'no-trailing-whitespace': 'off',
    'no-implicit-close': 'off',
    'no-implicit-button-type': 'off',
    'attribute-boolean-style': 'off',
    'doctype-style': 'off',
    'void-style': 'off',
    'tel-non-breaking': 'off',
  },
});

async function violations(page) {
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The script that presses the one button of a page that only leads on, and that of the page that waits for a wallet. */
const OWN = '[src^="/assets/submit."], [src^="/assets/wallet."]';

/** A way to wait for pages of `page` by their headings, each inspected the first time. */
export function arrivals(page, { lang, width }) {
  const inspected = new Set();
  return async (name) => {
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    if (inspected.has(name)) return;
    inspected.add(name);
    await inspect(page, name, { lang });
    await page.setViewportSize({ width, height: 900 });
  };
}

/** Holds one page, as it is shown, against the rules; `scripts` are those that it may have. */
export async function inspect(page, name, { lang = 'hu', scripts = OWN } = {}) {
  const where = `${name} (${page.url()})`;
  assert.equal(await page.locator('html').getAttribute('lang'), lang, `${where}: the language`);
  assert.equal(await page.locator('h1').count(), 1, `${where}: one heading`);
  assert.match(await page.title(), /\S – \S/, `${where}: the title`);
  assert.equal(await page.locator(`script:not(${scripts}), style, [style], iframe, object`).count(), 0, `${where}: no other script, no style of its own`);
  assert.equal(await page.locator('[maxlength], [pattern], [placeholder]').count(), 0, `${where}: no trap in a field`);
  assert.equal(await page.locator('meta[http-equiv=refresh]:not([content^="0"])').count(), 0, `${where}: nothing reloads by itself`);
  await page.evaluate(axe);
  for (const [size, scheme] of [[WIDE, 'light'], [NARROW, 'dark']]) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme });
    const screen = `${where}, ${size.width} px, ${scheme}`;
    assert.deepEqual(await violations(page), [], `${screen}: axe`);
    assert.ok((await overflow(page)) <= 0, `${screen}: no sideways scroll`);
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Holds the bytes of a page against HTML's rules. */
export async function validate(html, name) {
  const report = await validator.validateString(html);
  const messages = report.results.flatMap((result) => result.messages).map(({ ruleId, message, line }) => `${name}:${line} ${ruleId}: ${message}`);
  assert.deepEqual(messages, []);
}
