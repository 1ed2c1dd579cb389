// What a page weighs, and what it looks like on paper.

import { after, before, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Demo, launch, open, temporaryFolder } from './kit.mjs';
import { Walk } from './walk.mjs';

/** Bodies of a page with its styles and fonts, in bytes as they travel. */
const WEIGHT_MAX = 50_000;
/** The same where a page holds a secret and is therefore not compressed. */
const WEIGHT_WITH_SECRET_MAX = 60_000;
/** Pages of A4 for the guide. */
const GUIDE_PAGES_MAX = 2;

let browser, demo;
before(async () => ([browser, demo] = await Promise.all([launch(), Demo.start()])));
after(async () => {
  await browser.close();
  await demo.stop();
});

/** The bytes of all bodies that `load` brings, with nothing in the cache. */
async function weight(page, load) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const bodies = [];
  const size = async (response) => Number((await response.headerValue('content-length')) ?? (await response.body()).length);
  const weigh = (request) => bodies.push(request.response().then(size));
  page.on('requestfinished', weigh);
  await load({ waitUntil: 'networkidle' });
  page.off('requestfinished', weigh);
  return (await Promise.all(bodies)).reduce((sum, size) => sum + size, 0);
}

it('a page with its styles and fonts is light', async () => {
  const addresses = ['ugyfelkapu', 'kau', 'magyarorszag', 'kenyszi', 'posta', 'telefon'].map((surface) => demo.at(surface));
  const pages = [...addresses, demo.index.href, demo.at('ugyfelkapu', '/utmutato'), demo.at('ugyfelkapu', '/segitseg'), demo.at('ugyfelkapu', '/nincs-ilyen')];
  const { page, close } = await open(browser);
  for (const address of pages) {
    const bytes = await weight(page, (options) => page.goto(address, options));
    assert.ok(bytes > 0 && bytes <= WEIGHT_MAX, `${address} weighs ${bytes} bytes`);
  }
  await close();
});

it('the guide fits on two pages of A4, in both languages', async () => {
  const folder = temporaryFolder();
  for (const lang of ['hu', 'en']) {
    const { page, close } = await open(browser, { lang });
    await page.goto(demo.in(lang, 'ugyfelkapu', '/utmutato'));
    const path = join(folder, `${lang}.pdf`);
    await page.pdf({ path, format: 'A4', preferCSSPageSize: true });
    const pages = Number(execFileSync('pdfinfo', [path], { encoding: 'utf8' }).match(/^Pages:\s+(\d+)$/m)[1]);
    assert.ok(pages <= GUIDE_PAGES_MAX, `${pages} pages in ${lang}`);
    await close();
  }
  rmSync(folder, { recursive: true });
});

it('the pending key is never printed, and the deletion code only on its sheet', async () => {
  const { page, close } = await open(browser);
  const walk = new Walk({ demo, page, account: demo.withPassword() });
  await walk.arriveFromPortal();
  await walk.signInWithPassword();
  await walk.chooseApp();
  await walk.confirmContact();
  const printed = async () => {
    await page.emulateMedia({ media: 'print' });
    const text = await page.locator('body').innerText();
    const pictures = await page.locator('svg[role=img]:visible').count();
    await page.emulateMedia({ media: 'screen' });
    return { text, pictures };
  };
  const key = /\b([A-Z2-7]{4}\s+){7}[A-Z2-7]{4}\b/;
  assert.match(await page.locator('main').innerText(), key, 'the key is on the screen');
  const connect = await printed();
  assert.doesNotMatch(connect.text, key);
  assert.equal(connect.pictures, 0, 'the QR code is not printed');
  const bytes = await weight(page, (options) => page.reload(options));
  assert.ok(bytes > 0 && bytes <= WEIGHT_WITH_SECRET_MAX, `the page with the key weighs ${bytes} bytes`);

  await walk.connect();
  await walk.writeDown();
  assert.ok(!(await printed()).text.replace(/\s+/g, ' ').includes(walk.deletionCode));
  await page.getByRole('link', { name: 'Nyomtatás' }).click();
  assert.ok((await printed()).text.replace(/\s+/g, ' ').includes(walk.deletionCode), 'its own sheet prints it');
  await close();
});
