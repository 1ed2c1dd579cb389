// python3-saml, the library of many services in Python, as it comes.

import { it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, launch, open } from './kit.mjs';
import { startPython } from './python.mjs';
import { NAMES, identityProvider, register, someone } from './saml.mjs';

it('a service by python3-saml signs in with its defaults', async (t) => {
  const [browser, demo] = await Promise.all([launch(), Demo.start()]);
  t.after(() => Promise.all([browser.close(), demo.stop()]));
  const service = await startPython('saml-python3.py', [(await identityProvider(demo)).file]);
  t.after(() => service.stop());
  register(demo, service.metadata);
  const { page, close } = await open(browser);
  const { walk, account, family, given } = someone(demo, page);
  await page.goto(service.origin);
  await walk.giveBoth();
  await page.waitForURL(`${service.origin}/acs`);
  const { nameId, sessionIndex, ...rest } = JSON.parse(await page.locator('pre').innerText());
  assert.deepEqual(rest, {
    fault: null,
    relayState: 'vissza ide',
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
    contexts: ['urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'],
    attributes: {
      [NAMES.sn]: [family],
      [NAMES.givenName]: [given],
      [NAMES.displayName]: [account.name],
      [demo.at('kau', '/attributes/LevelOfAssurance')]: ['http://eidas.europa.eu/NotNotified/LoA/substantial'],
    },
  });
  assert.ok(nameId && sessionIndex);
  await close();
});
