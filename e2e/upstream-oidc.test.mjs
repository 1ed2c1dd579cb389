// The OpenID provider that Kapu's tests take as an upstream one, seen by openid-client: what fails here is no fault of Kapu's.

import { after, before, it } from 'node:test';
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { fetchLocal, fill, freePort, launch, open, press } from './kit.mjs';
import { startOpenIdProvider } from './upstream-oidc.mjs';

// Debian's Node has it in a module only.
globalThis.crypto ??= webcrypto;
const oidc = await import('openid-client');

const [CLIENT, SECRET] = ['kapu', 'a secret of forty-eight characters or a few less'];
const PERSON = {
  sub: 'f3b1',
  acr: 'https://refeds.org/profile/mfa',
  name: 'Kitalált Károly',
  family_name: 'Kitalált',
  given_name: 'Károly',
  birthdate: '1980-02-29',
  email: 'karoly@egyetem.example',
};

let browser, provider, config, redirectUri;

before(async () => {
  browser = await launch();
  const [port, own] = [await freePort(), await freePort()];
  redirectUri = `http://kau.localhost:${own}/upstream/egyetem/callback`;
  provider = await startOpenIdProvider({ port, clientId: CLIENT, clientSecret: SECRET, redirectUri, accounts: { karoly: PERSON } });
  const options = { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: fetchLocal };
  config = await oidc.discovery(new URL(provider.issuer), CLIENT, SECRET, oidc.ClientSecretBasic(SECRET), options);
  config[oidc.customFetch] = fetchLocal;
});

after(async () => {
  await browser.close();
  await provider.close();
});

/** Goes to the provider, does something there, and gives what comes back to the redirect URI, where nobody listens. */
async function comesBack(act) {
  const { page, context, close } = await open(browser);
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  await context.route(`${redirectUri}?**`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Vissza</title>' }));
  await page.goto(address.href);
  await act(page);
  await page.waitForURL(`${redirectUri}?**`);
  const answer = new URL(page.url());
  await close();
  return { answer, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
}

it('oidc-provider signs in whom it knows and says who it is', async () => {
  const { answer, checks } = await comesBack(async (page) => {
    await fill(page, 'User name', 'karoly');
    await press(page, 'Sign in');
  });
  assert.equal(answer.searchParams.get('iss'), provider.issuer);
  const tokens = await oidc.authorizationCodeGrant(config, answer, checks);
  const { aud, iss, iat, exp, nonce, at_hash, ...person } = tokens.claims();
  assert.deepEqual(person, PERSON);
});

it('oidc-provider says that a person went back', async () => {
  const { answer, checks } = await comesBack((page) => press(page, 'Cancel'));
  assert.equal(answer.searchParams.get('iss'), provider.issuer);
  await assert.rejects(oidc.authorizationCodeGrant(config, answer, checks), { error: 'access_denied' });
});
