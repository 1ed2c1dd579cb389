// pysaml2 has its answers as artifacts: what passes the browser says nothing, and the rest goes from server to server.
// So does its single logout, both ways.

import { after, afterEach, before, beforeEach, it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, heading, launch, open, press, reloadUntil } from './kit.mjs';
import { startPython } from './python.mjs';
import { identityProvider, keyPair, register, someone } from './saml.mjs';
import { METHOD } from './walk.mjs';

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

let browser, demo, service;

/** A service by pysaml2, registered with the metadata that pysaml2 writes for it. */
async function start() {
  const idp = await identityProvider(demo);
  const { keyFile, certificateFile } = keyPair(demo.data, 'pysaml2.localhost');
  const started = await startPython('saml-pysaml2.py', [idp.file, keyFile, certificateFile]);
  return { ...started, registered: register(demo, started.metadata) };
}

/** What the service shows. */
const shown = async (page) => JSON.parse(await page.locator('pre').innerText());

/** A browser in which somebody has signed in at the service. */
async function signedIn() {
  const { page, close } = await open(browser);
  const { walk } = someone(demo, page);
  await page.goto(service.origin);
  await walk.giveBoth();
  await page.waitForURL(`${service.origin}/acs?**`);
  return { page, close, walk };
}

before(async () => (browser = await launch()));
after(() => browser.close());

beforeEach(async () => {
  demo = await Demo.start();
  service = await start();
});

afterEach(async () => {
  await service.stop();
  await demo.stop();
});

for (const script of [true, false]) {
  it(`a service by pysaml2 fetches the answer with its artifact, once, ${script ? 'with' : 'without'} scripts`, async () => {
    assert.match(service.registered, /it receives sn, givenName, displayName/);
    const { page, close } = await open(browser, { script });
    const { walk, account, family, given } = someone(demo, page);
    await page.goto(service.origin);
    await walk.giveBoth();
    await page.waitForURL(`${service.origin}/acs?**`);
    const told = await shown(page);
    const { nameId, sessionIndex, ...rest } = told;
    assert.deepEqual(rest, {
      answer: 'ArtifactResponse',
      relayState: 'vissza ide',
      isAgain: false,
      isEncrypted: true,
      issuer: demo.at('kau', '/saml/metadata'),
      nameIdFormat: PERSISTENT,
      context: METHOD,
      attributes: {
        sn: [family],
        givenName: [given],
        displayName: [account.name],
        [demo.at('kau', '/attributes/LevelOfAssurance')]: ['http://eidas.europa.eu/NotNotified/LoA/substantial'],
      },
    });
    assert.ok(nameId && sessionIndex);
    await close();
  });
}

it('a service by pysaml2 ends the session by SOAP, and Kapu asks again', async () => {
  const { page, close, walk } = await signedIn();
  // Not the person's browser: whoever signs them out at the service.
  const other = await open(browser);
  await other.page.goto(`${service.origin}/ki`);
  assert.deepEqual(await shown(other.page), ['urn:oasis:names:tc:SAML:2.0:status:Success']);
  await other.close();
  await page.goto(service.origin);
  assert.equal(await heading(page), walk.words.choose);
  await close();
});

it('a service by pysaml2 is told by SOAP when the person signs out at Kapu', async () => {
  const { page, close, walk } = await signedIn();
  await page.goto(`${service.origin}/bent`);
  assert.equal((await shown(page)).length, 1);
  await page.goto(demo.at('kau', '/kijelentkezes'));
  await press(page, walk.words.signOut);
  await page.getByRole('heading', { level: 1, name: walk.words.signedOut }).waitFor();
  await page.goto(`${service.origin}/bent`);
  await reloadUntil(page, async () => (await shown(page)).length === 0);
  await close();
});
