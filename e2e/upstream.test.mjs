// Signing in by identity providers that nobody here wrote: connected once by password and code, then enough by
// themselves, and removed again.

import { after, before, it } from 'node:test';
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Demo, fetchLocal, fill, freePort, heading, launch, open, press, temporaryFolder } from './kit.mjs';
import { inspect } from './inspect.mjs';
import { someone } from './saml.mjs';
import { startOpenIdProvider } from './upstream-oidc.mjs';
import { startSamlIdentityProvider } from './upstream-saml.mjs';

const [NAME, SECRET] = ['Próba Egyetem', 'a secret of forty-eight characters or a few less'];
const [CONNECT, LINKED, REMOVE] = ['Összekapcsolja a fiókjával?', 'Összekapcsolt azonosítók', 'Összekapcsolás megszüntetése'];

let browser, folder;

before(async () => {
  browser = await launch();
  folder = temporaryFolder();
});

after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** The demo with one identity provider, which the table says. */
async function demoWith(table) {
  const file = join(folder, 'upstreams.toml');
  const members = Object.entries({ id: 'egyetem', name_hu: NAME, name_en: NAME, level: 2, ...table });
  writeFileSync(file, `[[upstream]]\n${members.map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join('')}`);
  return Demo.start('--upstreams', file);
}

/** From a portal to the provider and back, by whoever sits there. */
async function goElsewhere(walk, act) {
  const { page } = walk;
  await walk.arriveFromPortal();
  await press(page, new RegExp(`^${NAME}`));
  await page.getByLabel('User name').waitFor();
  await act(page);
}

const asKaroly = async (page) => {
  await fill(page, 'User name', 'karoly');
  await press(page, 'Sign in');
};

async function walked(demo) {
  const first = await open(browser);
  const { walk, account } = someone(demo, first.page);
  walk.portal = 'magyarorszag';

  // Whoever goes back there chooses anew here.
  await goElsewhere(walk, (page) => press(page, 'Cancel'));
  await first.page.getByRole('alert').waitFor();
  assert.ok((await first.page.getByRole('alert').innerText()).includes(`Itt nem lépett be: ${NAME}.`));
  await inspect(first.page, 'the choice after an answer that says no', { lang: 'hu' });

  // Once with both factors.
  await goElsewhere(walk, asKaroly);
  await first.page.getByRole('heading', { level: 1, name: CONNECT }).waitFor();
  await inspect(first.page, 'the page that connects', { lang: 'hu' });
  await press(first.page, 'Belépés és összekapcsolás');
  await fill(first.page, 'Felhasználónév', account.username);
  await fill(first.page, 'Jelszó', account.password);
  await press(first.page, 'Bejelentkezés');
  await fill(first.page, 'Hatjegyű kód', walk.authenticator.code());
  await press(first.page, 'Bejelentkezés');
  await walk.agree();
  await walk.inPortal();
  await first.close();

  // Then it is enough, in another browser.
  const second = await open(browser);
  walk.page = second.page;
  await goElsewhere(walk, asKaroly);
  await second.page.waitForURL((url) => url.host.startsWith('magyarorszag.') && url.pathname === '/');
  const text = await second.page.locator('main').innerText();
  assert.ok(text.includes(demo.at('kau', '/methods/upstream/2')), text);
  await second.close();

  // The owner removes it, and it is not enough any more.
  const third = await open(browser);
  walk.page = third.page;
  await third.page.goto(demo.at('ugyfelkapu'));
  await fill(third.page, 'Felhasználónév', account.username);
  await fill(third.page, 'Jelszó', account.password);
  await press(third.page, 'Bejelentkezés');
  await fill(third.page, 'Hatjegyű kód', walk.authenticator.code());
  await press(third.page, 'Bejelentkezés');
  await press(third.page, LINKED);
  await inspect(third.page, 'what is connected', { lang: 'hu' });
  await press(third.page, new RegExp(`^${REMOVE}`));
  await fill(third.page, 'Jelszó', account.password);
  await fill(third.page, 'Hatjegyű kód', walk.authenticator.code());
  await press(third.page, REMOVE);
  await third.page.getByText('Most egy sincs.').waitFor();
  assert.equal(await heading(third.page), LINKED);
  await goElsewhere(walk, asKaroly);
  await third.page.getByRole('heading', { level: 1, name: CONNECT }).waitFor();
  await third.close();
}

it('oidc-provider is connected, signs in, and is removed', async (t) => {
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, SECRET);
  const port = await freePort();
  const issuer = `http://oidc-provider.localhost:${port}`;
  const demo = await demoWith({ protocol: 'oidc', issuer, client_id: 'kapu', client_secret_file: secretFile });
  t.after(() => demo.stop());
  const redirectUri = demo.at('kau', '/upstream/egyetem/callback');
  const accounts = { karoly: { sub: 'f3b1', acr: 'https://refeds.org/profile/mfa' } };
  const provider = await startOpenIdProvider({ port, clientId: 'kapu', clientSecret: SECRET, redirectUri, accounts });
  t.after(() => provider.close());
  await walked(demo);
});

it('pysaml2 is connected, signs in, and is removed', async (t) => {
  const accounts = { karoly: { sub: 'f3b1', sn: 'Kitalált', context: 'https://refeds.org/profile/mfa' } };
  const idp = await startSamlIdentityProvider({ accounts });
  t.after(() => idp.close());
  const demo = await demoWith({ protocol: 'saml', metadata: idp.metadataFile, contexts: ['https://refeds.org/profile/mfa'] });
  t.after(() => demo.stop());
  idp.trust(await (await fetchLocal(demo.at('kau', '/upstream/egyetem/metadata'))).text());
  await walked(demo);
});
