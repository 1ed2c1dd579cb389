// The certified relying party openid-client signs in, shares the single sign-on with Magyarorszag.hu,
// and is signed out by back channel.

import { after, before, it } from 'node:test';
import assert from 'node:assert/strict';
import { createPublicKey, verify, webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Authenticator, Demo, fetchLocal, launch, open, press } from './kit.mjs';
import { METHOD, Walk } from './walk.mjs';

// Debian's Node has it in a module only.
globalThis.crypto ??= webcrypto;
const oidc = await import('openid-client');

let browser, demo, party;

/** A relying party that shows a page for each answer and keeps what the back channel brings. */
async function listen() {
  let told;
  const logoutToken = new Promise((done) => (told = done));
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      if (request.method === 'POST') told(new URLSearchParams(Buffer.concat(parts).toString()).get('logout_token'));
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>Próba</title><h1>Próba</h1>');
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { server, logoutToken, origin: `http://proba.localhost:${server.address().port}` };
}

before(async () => {
  [browser, demo, party] = await Promise.all([launch(), Demo.start(), listen()]);
  const client = {
    client_id: 'proba',
    client_secret: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
    client_name: 'Próba',
    'client_name#en': 'Trial',
    client_uri: party.origin,
    redirect_uris: [`${party.origin}/vissza`],
    backchannel_logout_uri: `${party.origin}/ki`,
    backchannel_logout_session_required: true,
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    scope: 'openid person',
    kapu_min_level: 2,
  };
  const file = join(demo.data, 'proba.json');
  writeFileSync(file, JSON.stringify(client));
  demo.command('service', 'import', file);
  const authentication = oidc.ClientSecretBasic(client.client_secret);
  party.config = await oidc.discovery(new URL(demo.at('kau')), client.client_id, { ...client }, authentication, {
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: fetchLocal,
  });
  party.config[oidc.customFetch] = fetchLocal;
});

after(async () => {
  await browser.close();
  party.server.close();
  await demo.stop();
});

function signed(token, keys) {
  const [header, payload, signature] = token.split('.');
  const { kid, alg, typ } = JSON.parse(Buffer.from(header, 'base64url'));
  assert.equal(alg, 'ES256');
  const key = createPublicKey({ key: keys.find((key) => key.kid === kid), format: 'jwk' });
  const isGood = verify('sha256', Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  assert.ok(isGood, 'the signature is good');
  return { typ, claims: JSON.parse(Buffer.from(payload, 'base64url')) };
}

it('openid-client signs in, shares the single sign-on and is signed out by back channel', async () => {
  const { page, close } = await open(browser);
  const account = demo.withAuthenticator();
  const walk = new Walk({ demo, page, account });
  walk.authenticator = new Authenticator(account.totp_secret);

  await walk.arriveFromPortal();
  await walk.signInWithBoth();

  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const address = oidc.buildAuthorizationUrl(party.config, {
    redirect_uri: `${party.origin}/vissza`,
    scope: 'openid person',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  await page.goto(address.href);
  await walk.agree();
  await page.waitForURL(`${party.origin}/vissza?**`);
  const answer = new URL(page.url());
  const tokens = await oidc.authorizationCodeGrant(party.config, answer, { pkceCodeVerifier, expectedState, expectedNonce });
  const claims = tokens.claims();
  assert.equal(claims.acr, METHOD);
  assert.deepEqual([...claims.amr].sort(), ['mfa', 'otp', 'pwd']);
  const information = await oidc.fetchUserInfo(party.config, tokens.access_token, claims.sub);
  assert.ok(account.name.includes(information.family_name));

  await page.goto(demo.at('magyarorszag'));
  await press(page, walk.words.portalSignOut);
  const { typ, claims: logout } = signed(await party.logoutToken, (await (await fetchLocal(party.config.serverMetadata().jwks_uri)).json()).keys);
  assert.equal(typ, 'logout+jwt');
  assert.equal(logout.iss, party.config.serverMetadata().issuer);
  assert.deepEqual([logout.aud].flat(), ['proba']);
  assert.equal(logout.sid, claims.sid);
  assert.ok('http://schemas.openid.net/event/backchannel-logout' in logout.events);
  assert.equal(logout.nonce, undefined);
  await close();
});
