// Every page and every error state, in both languages, as the templates make them: axe finds nothing,
// nothing scrolls sideways, the HTML is valid. The journeys show that pages are reached; this shows
// those that a journey does not come by.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { dirname, extname, join } from 'node:path';
import { launch, open, temporaryFolder } from './kit.mjs';
import { inspect, validate } from './inspect.mjs';

const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

/** Pages that lead on by themselves as soon as they are shown; the journeys go through them. */
const LEADS_ON = /^kau-(go|sign-out-under-way|sign-out-and-back)-/;

describe('every page and state', () => {
  let browser, server, origin, folder;

  before(async () => {
    folder = temporaryFolder();
    execFileSync(join(dirname(process.env.KAPU_BINARY), 'examples', 'render'), [folder]);
    server = http.createServer((request, response) => {
      const file = join(folder, new URL(request.url, 'http://localhost').pathname);
      if (!existsSync(file)) return response.writeHead(404).end();
      // A page that leads on by its script stands still here.
      if (extname(file) === '.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end();
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
      createReadStream(file).pipe(response);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${server.address().port}`;
    browser = await launch();
  });

  after(async () => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true });
  });

  for (const lang of ['hu', 'en']) {
    it(`in ${lang}`, async () => {
      const names = readdirSync(folder).filter((name) => name.endsWith(`-${lang}.html`) && !LEADS_ON.test(name));
      assert.ok(names.length > 90, `${names.length} pages`);
      const { page, close } = await open(browser, { lang });
      for (const name of names) {
        await page.goto(`${origin}/${name}`);
        await inspect(page, name, { lang });
        await validate(readFileSync(join(folder, name), 'utf8'), name);
      }
      await close();
    });
  }
});
