// The identity provider that Kapu's tests take as an upstream one, seen by node-saml: what fails here is no fault of Kapu's.

import { after, before, it } from 'node:test';
import assert from 'node:assert/strict';
import { SAML } from '@node-saml/node-saml';
import { fetchLocal, fill, freePort, launch, open, press } from './kit.mjs';
import { NAMES, keyPair } from './saml.mjs';
import { startSamlIdentityProvider } from './upstream-saml.mjs';

const MFA = 'https://refeds.org/profile/mfa';
const PERSON = {
  sub: 'f3b1',
  sn: 'Kitalált',
  givenName: 'Károly',
  displayName: 'Kitalált Károly',
  mail: 'karoly@egyetem.example',
  dateOfBirth: '1980-02-29',
};

let browser, idp, service, acs;

before(async () => {
  browser = await launch();
  idp = await startSamlIdentityProvider({ accounts: { karoly: PERSON } });
  acs = `http://kau.localhost:${await freePort()}/upstream/egyetem/acs`;
  const { key, certificate } = keyPair(idp.folder, 'kau.localhost');
  service = new SAML({
    issuer: acs.replace('acs', 'metadata'),
    callbackUrl: acs,
    entryPoint: `${idp.origin}/sso`,
    idpCert: idp.metadata.match(/X509Certificate>([^<]+)</)[1].replace(/\s/g, ''),
    idpIssuer: idp.entityId,
    privateKey: key,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    authnContext: [MFA],
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: true,
    validateInResponseTo: 'always',
  });
  idp.trust(service.generateServiceProviderMetadata(null, certificate));
});

after(async () => {
  await browser.close();
  await idp.close();
});

/** Goes to the provider, does something there, and gives what comes back to the service, where nobody listens. */
async function comesBack(act, script) {
  const { page, context, close } = await open(browser, { script });
  let body;
  await context.route(acs, (route) => {
    body = Object.fromEntries(new URLSearchParams(route.request().postData()));
    return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Vissza</title>' });
  });
  await page.goto(await service.getAuthorizeUrlAsync('vissza', undefined, {}));
  await act(page);
  if (!script) await press(page, 'Continue');
  await page.waitForURL(acs);
  await close();
  assert.equal(body.RelayState, 'vissza');
  return body;
}

for (const script of [true, false]) {
  it(`pysaml2 signs in whom it knows and says who it is, ${script ? 'with' : 'without'} scripts`, async () => {
    const body = await comesBack(async (page) => {
      await fill(page, 'User name', 'karoly');
      await press(page, 'Sign in');
    }, script);
    const { profile } = await service.validatePostResponseAsync(body);
    assert.equal(profile.nameID, PERSON.sub);
    assert.equal(profile.nameQualifier, idp.entityId);
    assert.equal(profile.getAssertion().Assertion.AuthnStatement[0].AuthnContext[0].AuthnContextClassRef[0]._, MFA);
    assert.deepEqual(profile.attributes, {
      [NAMES.sn]: PERSON.sn,
      [NAMES.givenName]: PERSON.givenName,
      [NAMES.displayName]: PERSON.displayName,
      'urn:oid:0.9.2342.19200300.100.1.3': PERSON.mail,
      // As RFC 3739 section 3.2.2 names it; pysaml2 knows eIDAS's name too, and prefers this one.
      'urn:oid:1.3.6.1.5.5.7.9.1': PERSON.dateOfBirth,
    });
  });
}

it('pysaml2 says that a person went back', async () => {
  const body = await comesBack((page) => press(page, 'Cancel'), true);
  await assert.rejects(service.validatePostResponseAsync(body), /Responder error: AuthnFailed/);
});

it('pysaml2 answers no request that the service has not signed', async () => {
  const signed = new URL(await service.getAuthorizeUrlAsync('vissza', undefined, {}));
  signed.searchParams.set('RelayState', 'máshová');
  assert.equal((await fetchLocal(signed)).status, 403);
});
