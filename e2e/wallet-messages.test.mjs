// The phone's wallet speaks with an issuer and a verifier that are not ours, and refuses bad ones.

import { before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Net } from '../crates/portals/assets/telefon/net.js';
import { readLink } from '../crates/portals/assets/telefon/link.js';
import { fetchMetadata, fetchOffer, readOffer, redeem } from '../crates/portals/assets/telefon/openid4vci.js';
import { answer, fetchRequest, readRequest, refuse } from '../crates/portals/assets/telefon/openid4vp.js';
import { chosen, match } from '../crates/portals/assets/telefon/dcql.js';
import { open } from '../crates/portals/assets/telefon/sd_jwt.js';
import * as limits from '../crates/portals/assets/telefon/limits.js';
import { Authority, DOCUMENT_SIGNER, Issuer, PERSON, QUERY, READER, Verifier, signed } from './wallet-parties.mjs';

const ISSUER = 'http://kiallito.localhost';
const VERIFIER = 'http://ellenor.localhost';
const now = () => Math.floor(Date.now() / 1000);
const refused = (code) => (fault) => assert.equal(fault.code, code, fault.stack) === undefined;

let authority, issuing, reading;

before(async () => {
  authority = await Authority.create('Minta hitelesítő');
  issuing = await authority.certify({ name: 'Minta Kiállító', use: DOCUMENT_SIGNER, dns: ['kiallito.localhost'] });
  reading = await authority.certify({ name: 'Kapu', use: READER, dns: ['ellenor.localhost'] });
});

/** What reaches these parties without a socket. */
const netOf = (...parties) =>
  new Net(
    parties.map(({ origin }) => origin),
    async (url, init) => {
      assert.deepEqual([init.credentials, init.redirect, init.referrerPolicy], ['omit', 'error', 'no-referrer']);
      const party = parties.find(({ origin }) => url.startsWith(`${origin}/`));
      return party.answer(new Request(url, { method: init.method, headers: init.headers, body: init.body }));
    },
  );

const trust = () => ({ anchors: [authority.der], now: now() });
const options = (more) => ({ anchors: [authority.der], now, clientId: 'http://telefon.localhost/tarca', ...more });

async function received(issuer, more) {
  const net = netOf(issuer);
  const offer = await fetchOffer(net, readLink(await issuer.link()));
  return redeem(net, offer, await fetchMetadata(net, offer), options(more));
}

describe('receiving', () => {
  it('takes an offer by value, with the second code and DPoP, to a credential', async () => {
    const issuer = new Issuer(ISSUER, issuing, { secondCode: '4711', dpop: true });
    const net = netOf(issuer);
    const offer = await fetchOffer(net, readLink(await issuer.link()));
    assert.deepEqual(offer.second, { isNumeric: true, length: 4, description: undefined });
    const metadata = await fetchMetadata(net, offer);
    assert.equal(metadata.display.name.en, 'Person data');
    assert.deepEqual(metadata.display.claims[0], { path: ['email'], name: { hu: 'Levélcím', en: 'Mail address' } });
    const got = await redeem(net, offer, metadata, options({ secondCode: '4711' }));
    assert.equal(got.issuedBy, 'Minta Kiállító');
    assert.deepEqual(issuer.holder, got.key.publicJwk);
    const { claims } = await open(got.text);
    assert.equal(claims.family_name, PERSON.family_name);
    await got.notify('credential_accepted');
    assert.deepEqual(issuer.notified, { notification_id: 'n-1', event: 'credential_accepted' });
    assert.deepEqual(issuer.heard.slice(0, 4), ['GET /.well-known/openid-credential-issuer', 'GET /.well-known/oauth-authorization-server', 'POST /token', 'POST /token']);
  });

  it('takes an offer by reference, without a second code, encrypted', async () => {
    const issuer = await new Issuer(ISSUER, issuing).encrypt();
    const net = netOf(issuer);
    const link = `haip-vci://?credential_offer_uri=${encodeURIComponent(`${ISSUER}/offer`)}`;
    const offer = await fetchOffer(net, readLink(link));
    const got = await redeem(net, offer, await fetchMetadata(net, offer), options());
    assert.equal((await open(got.text)).claims.given_name, PERSON.given_name);
  });

  it('says which code was wrong', async () => {
    await assert.rejects(received(new Issuer(ISSUER, issuing, { secondCode: '4711' }), { secondCode: '4712' }), refused('second_code'));
    const issuer = new Issuer(ISSUER, issuing);
    const link = await issuer.link();
    issuer.code = 'another';
    const net = netOf(issuer);
    const offer = await fetchOffer(net, readLink(link));
    await assert.rejects(redeem(net, offer, await fetchMetadata(net, offer), options()), refused('gone'));
  });

  it('refuses a credential of nobody whom it trusts, and says so to the issuer', async () => {
    const stranger = await Authority.create('Idegen');
    const issuer = new Issuer(ISSUER, await stranger.certify({ name: 'Idegen', use: DOCUMENT_SIGNER }));
    await assert.rejects(received(issuer), refused('unknown_anchor'));
    assert.equal(issuer.notified.event, 'credential_failure');
    const reader = new Issuer(ISSUER, reading);
    await assert.rejects(received(reader), refused('certificate'), 'a verifier is no issuer');
    const other = new Issuer(ISSUER, issuing);
    other.issued = { more: { iss: 'https://masik.example' } };
    await assert.rejects(received(other), refused('credential'));
  });

  it('refuses places that the phone does not know, unsafe addresses and answers without an end', async () => {
    const issuer = new Issuer(ISSUER, issuing);
    const offer = await issuer.offer();
    await assert.rejects(fetchMetadata(netOf(), readOffer(offer)), refused('unknown_place'));
    for (const address of ['http://kiallito.example', 'ftp://kiallito.localhost', 'https://a:b@kiallito.example', 'kiallito', undefined, `https://a/${'a'.repeat(limits.URI_CHARACTERS)}`]) {
      assert.throws(() => readOffer({ ...offer, credential_issuer: address }), refused('address'), address);
    }
    const endless = () => {
      const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });
      return new Response(body);
    };
    await assert.rejects(fetchMetadata(new Net([ISSUER], endless), readOffer(offer)), refused('too_long'));
    const silent = () => Promise.reject(new TypeError('no route'));
    await assert.rejects(fetchMetadata(new Net([ISSUER], silent), readOffer(offer)), refused('unreachable'));
  });

  it('refuses offers and metadata that are not what they say', async () => {
    const issuer = new Issuer(ISSUER, issuing);
    const offer = await issuer.offer();
    const [grant] = Object.keys(offer.grants);
    assert.throws(() => readOffer({ ...offer, grants: { authorization_code: {} } }), refused('offer_way'));
    assert.throws(() => readOffer({ ...offer, grants: { [grant]: {} } }), refused('offer'));
    assert.throws(() => readOffer({ ...offer, credential_configuration_ids: [] }), refused('offer'));
    assert.throws(() => readOffer({ ...offer, grants: { [grant]: { 'pre-authorized_code': 'x', tx_code: { length: 1e9 } } } }), refused('offer'));
    const told = async (change, code) => {
      const other = new Issuer(ISSUER, issuing);
      change(other);
      await assert.rejects(fetchMetadata(netOf(other), readOffer(offer)), refused(code));
    };
    await told((other) => (other.metadata = () => ({ ...issuer.metadata(), credential_issuer: 'https://masik.example' })), 'issuer');
    await told((other) => (other.serverMetadata = () => ({ ...issuer.serverMetadata(), issuer: 'https://masik.example' })), 'issuer');
    await told((other) => (other.metadata = () => ({ ...issuer.metadata(), credential_configurations_supported: { pid: { format: 'mso_mdoc' } } })), 'kind');
  });
});

/** A wallet with one credential, a verifier, and the request that it fetched. */
async function asked(verifierOptions) {
  const got = await received(new Issuer(ISSUER, issuing));
  const verifier = await new Verifier(VERIFIER, reading, issuing, verifierOptions).init();
  const net = netOf(verifier);
  const request = await fetchRequest(net, readLink(verifier.link()), trust());
  const held = { ...(await open(got.text)), text: got.text, privateKey: got.key.privateKey };
  return { verifier, net, request, held };
}

function shown({ request, held }, agreed) {
  const entries = match(request.query, [held]);
  return new Map(entries.map(({ id, choices: [choice] }) => [id, { text: held.text, privateKey: held.privateKey, paths: chosen(choice, new Set(agreed)).map(({ path }) => path) }]));
}

const names = (payload) => Object.keys(PERSON).filter((name) => name in payload);

describe('showing', () => {
  for (const [mode, method] of [['direct_post.jwt', 'post'], ['direct_post.jwt', 'get'], ['direct_post', 'get']]) {
    it(`answers by ${mode} to a request fetched by ${method}`, async () => {
      const place = await asked({ mode, method });
      const { verifier, net, request } = place;
      assert.deepEqual(request.who, { name: 'Kapu', authority: 'Minta hitelesítő', host: 'ellenor.localhost' });
      assert.deepEqual(request.services, [{ name: { '': 'Magyarorszag.hu' }, purpose: { hu: 'Belépés az ügyeihez.', en: 'Sign-in to your affairs.' } }]);
      const onward = await answer(net, request, shown(place, ['family', 'given']), now());
      assert.equal(onward, `${VERIFIER}/done`);
      assert.deepEqual(names(verifier.shown.pid), ['family_name', 'given_name']);
      if (mode === 'direct_post.jwt') {
        assert.deepEqual(Object.keys(verifier.posted), ['response']);
        assert.deepEqual([verifier.encryptedBy.enc, verifier.encryptedBy.kid], ['A256GCM', 'answer-1']);
      }
    });
  }

  it('shows what was agreed to, and for a refusal nothing', async () => {
    const place = await asked();
    await answer(place.net, place.request, shown(place, ['family', 'given', 'email']), now());
    assert.deepEqual(names(place.verifier.shown.pid), ['family_name', 'given_name', 'email']);
    const other = await asked();
    await refuse(other.net, other.request);
    assert.deepEqual(other.verifier.posted, { error: 'access_denied', state: other.verifier.state });
  });

  it('knows a verifier by its DNS name, at its own host only', async () => {
    const verifier = await new Verifier(VERIFIER, reading, issuing).init();
    verifier.clientId = 'x509_san_dns:ellenor.localhost';
    await fetchRequest(netOf(verifier), readLink(verifier.link()), trust());
    const elsewhere = await verifier.request({ ...verifier.claims(), response_uri: 'https://masik.example/response' });
    await assert.rejects(readRequest(elsewhere, trust()), refused('verifier'));
  });

  it('refuses a request for every reason by itself', async () => {
    const verifier = await new Verifier(VERIFIER, reading, issuing).init();
    const claims = verifier.claims();
    const other = await authority.certify({ name: 'Másik', use: READER });
    const stranger = await (await Authority.create('Idegen')).certify({ name: 'Kapu', use: READER });
    const expired = await authority.certify({ name: 'Kapu', use: READER, days: -1 });
    const bare = (changed, header = {}, key = reading.privateKey) => signed({ typ: 'oauth-authz-req+jwt', x5c: reading.x5c, ...header }, { ...claims, ...changed }, key);
    const good = await bare({});
    await readRequest(good, trust());
    const [head, , signature] = good.split('.');
    const body = Buffer.from(JSON.stringify({ ...claims, response_uri: `${VERIFIER}/elsewhere` })).toString('base64url');
    const rows = [
      ['signature', `${head}.${body}.${signature}`],
      ['signature', await bare({}, {}, other.privateKey)],
      ['signature', await bare({}, { typ: 'JWT' })],
      ['signature', `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'oauth-authz-req+jwt' })).toString('base64url')}.${body}.`],
      ['certificate', await bare({}, { x5c: undefined })],
      ['certificate', await bare({}, { x5c: [] })],
      ['certificate', await bare({}, { x5c: Array(limits.CHAIN_CERTIFICATES + 1).fill(reading.x5c[0]) })],
      ['certificate', await bare({}, { x5c: ['A'.repeat(limits.CERTIFICATE_BYTES * 2 + 4)] })],
      ['certificate', await bare({}, { x5c: issuing.x5c }, issuing.privateKey)],
      ['certificate_time', await bare({}, { x5c: expired.x5c }, expired.privateKey)],
      ['unknown_anchor', await bare({}, { x5c: stranger.x5c }, stranger.privateKey)],
      ['verifier', await bare({}, { x5c: other.x5c }, other.privateKey)],
      ['verifier', await bare({ client_id: 'x509_san_dns:masik.example' })],
      ['verifier', await bare({ client_id: 'redirect_uri:https://masik.example' })],
      ['verifier', await bare({ client_id: 'ellenor' })],
      ['request', await bare({ nonce: undefined })],
      ['request', await bare({ nonce: 'két szó' })],
      ['request', await bare({ nonce: 'a'.repeat(limits.NONCE_CHARACTERS + 1) })],
      ['request', await bare({ aud: 'https://masik.example' })],
      ['request', await bare({ response_type: 'code' })],
      ['request', await bare({ response_mode: 'fragment' })],
      ['request', await bare({ redirect_uri: 'https://masik.example' })],
      ['request', await bare({ transaction_data: ['x'] })],
      ['request', await bare({ client_metadata: undefined })],
      ['request', await bare({ client_metadata: { vp_formats_supported: {}, jwks: { keys: [] } } })],
      ['request', await bare({ client_metadata: { ...claims.client_metadata, encrypted_response_enc_values_supported: ['A128CBC-HS256'] } })],
      ['request', await bare({ verifier_info: 'x' })],
      ['address', await bare({ response_uri: 'http://masik.example/response' })],
      ['address', await bare({ response_uri: `${VERIFIER}/response#x` })],
      ['expired', await bare({ exp: now() - 1 })],
      ['query', await bare({ dcql_query: undefined })],
      ['query', await bare({ dcql_query: { ...QUERY, credential_sets: [] } })],
      ['too_long', await bare({ padding: 'a'.repeat(limits.REQUEST_CHARACTERS) })],
      ['malformed', 'nothing'],
    ];
    for (const [index, [code, token]] of rows.entries()) await assert.rejects(readRequest(token, trust()), refused(code), `row ${index}`);
    await assert.rejects(readRequest(good, { ...trust(), clientId: 'x509_hash:other' }), refused('verifier'), 'the link names another');
    await assert.rejects(readRequest(good, { ...trust(), walletNonce: 'mine' }), refused('request'), 'it answers another fetch');
    await assert.rejects(readRequest(good, { ...trust(), anchors: [] }), refused('unknown_anchor'));
  });

  it('says when the verifier does not take the answer, and follows it to web pages only', async () => {
    const place = await asked();
    const to = (response) => new Net([VERIFIER], async () => response());
    const json = (value, status = 200) => () => new Response(JSON.stringify(value), { status });
    const sent = (response) => refuse(to(response), place.request);
    assert.equal(await sent(() => new Response(null, { status: 200 })), undefined);
    assert.equal(await sent(json({ redirect_uri: 'https://ellenor.example/kesz#response_code=1' })), 'https://ellenor.example/kesz#response_code=1');
    await assert.rejects(sent(json({ error: 'invalid_request' }, 400)), refused('not_taken'));
    await assert.rejects(sent(json({}, 410)), refused('gone'));
    for (const redirect_uri of ['javascript:alert(1)', 'data:text/html,x', 'http://masik.example/', 7, {}]) await assert.rejects(sent(json({ redirect_uri })), refused('onward'), redirect_uri);
  });
});

describe('links', () => {
  it('lead to an offer, a request or a short code', () => {
    const uri = encodeURIComponent(`${VERIFIER}/request`);
    const request = { requestUri: `${VERIFIER}/request`, clientId: 'x509_hash:a', method: 'get' };
    assert.deepEqual(readLink(`openid4vp://?client_id=x509_hash%3Aa&request_uri=${uri}`), request);
    assert.deepEqual(readLink(` haip-vp://?client_id=x509_hash:a&request_uri=${uri}&request_uri_method=post\n`), { ...request, method: 'post' });
    assert.deepEqual(readLink(`https://tarca.example/x?client_id=x509_hash:a&request_uri=${uri}`), request);
    assert.deepEqual(readLink(`http://telefon.localhost/tarca?link=${encodeURIComponent(`openid4vp://?client_id=x509_hash:a&request_uri=${uri}`)}`), request);
    assert.deepEqual(readLink('openid-credential-offer://?credential_offer=%7B%22a%22%3A1%7D'), { offer: { a: 1 } });
    assert.deepEqual(readLink(`openid-credential-offer://?credential_offer_uri=${uri}`), { offerUri: `${VERIFIER}/request` });
    for (const code of ['H4-92-KX', 'h492kx', ' h4 92 kx ']) assert.deepEqual(readLink(code), { code: 'H492KX' });
  });

  it('that lead to something else are refused', () => {
    const uri = encodeURIComponent(`${VERIFIER}/request`);
    const rows = [
      ['link_empty', ' '],
      ['too_long', `openid4vp://?x=${'a'.repeat(limits.LINK_CHARACTERS)}`],
      ['link', 'egy mondat, ami nem hivatkozás'],
      ['link', 'https://example.org/'],
      ['link', `javascript:?request_uri=${uri}&client_id=a`],
      ['link', `openid4vp://?request_uri=${uri}`],
      ['link', `openid4vp://?request_uri=${uri}&client_id=a&client_id=b`],
      ['link', `openid4vp://?request_uri=${uri}&client_id=a&request_uri_method=put`],
      ['link', `openid4vp://?credential_offer_uri=${uri}`],
      ['link', `openid4vp://?request_uri=${uri}&client_id=a&credential_offer_uri=${uri}`],
      ['address', 'openid4vp://?client_id=a&request_uri=http%3A%2F%2Fmasik.example'],
      ['address', `http://masik.example/?request_uri=${uri}&client_id=a`],
      ['malformed', 'openid-credential-offer://?credential_offer=%7B'],
    ];
    for (const [code, link] of rows) assert.throws(() => readLink(link), refused(code), link.slice(0, 80));
  });
});
