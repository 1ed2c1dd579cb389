// An issuer and a verifier for the phone's wallet, made of libraries that are not ours: certificates by
// @peculiar/x509, credentials by @sd-jwt, tokens and encryption by jose, messages by @openid4vc.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createHash, randomUUID, webcrypto } from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import * as jose from 'jose';
import { StatusList } from '@sd-jwt/jwt-status-list';
import { ES256, digest, generateSalt } from '@sd-jwt/crypto-nodejs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { parseOpenid4vpAuthorizationResponse, validateOpenid4vpAuthorizationRequestPayload } from '@openid4vc/openid4vp';
import { Openid4vciIssuer, setGlobalConfig } from '@openid4vc/openid4vci';

x509.cryptoProvider.set(webcrypto);
// The tests' parties are on this machine, without TLS.
setGlobalConfig({ allowInsecureUrls: true });

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const ES = { name: 'ECDSA', hash: 'SHA-256' };
const DAY = 24 * 60 * 60 * 1000;
const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

export const DOCUMENT_SIGNER = '1.0.18013.5.1.2';
export const READER = '1.0.18013.5.1.6';
export const VCT = 'urn:eudi:pid:1';
export const PERSON = {
  family_name: 'Kovács',
  given_name: 'Anna',
  birthdate: '1980-05-17',
  place_of_birth: { country: 'HU', locality: 'Szeged' },
  nationalities: ['HU'],
  email: 'anna@pelda.hu',
  personal_administrative_number: 'A1B2C3',
};

const now = () => Math.floor(Date.now() / 1000);
const jwkOf = async (key) => {
  const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', key);
  return { kty, crv, x, y };
};

/** An authority that certifies keys. */
export class Authority {
  static async create(name) {
    const authority = new Authority();
    authority.keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
    authority.certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys: authority.keys,
      signingAlgorithm: ES,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + DAY),
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)],
    });
    authority.der = new Uint8Array(authority.certificate.rawData);
    return authority;
  }

  get pem() {
    return this.certificate.toString('pem');
  }

  /** A key with its certificate, for one use or for any; `days` until it ends. */
  async certify({ name, use, dns = [], days = 1, more = [] }) {
    const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: this.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: ES,
      notBefore: new Date(Date.now() - 2 * DAY),
      notAfter: new Date(Date.now() + days * DAY),
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        ...(use ? [new x509.ExtendedKeyUsageExtension([use])] : []),
        ...(dns.length ? [new x509.SubjectAlternativeNameExtension(dns.map((value) => ({ type: 'dns', value })))] : []),
        ...more,
      ],
    });
    const der = new Uint8Array(certificate.rawData);
    return { ...keys, der, x5c: [Buffer.from(der).toString('base64')], fingerprint: createHash('sha256').update(der).digest('base64url') };
  }
}

/** Signs a token as `jose` does. */
export const signed = (header, payload, key) => new jose.SignJWT(payload).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);

const credentials = async ({ privateKey, publicKey } = {}, holder) =>
  new SDJwtVcInstance({
    ...(privateKey && { signer: await ES256.getSigner(await webcrypto.subtle.exportKey('jwk', privateKey)) }),
    ...(publicKey && { verifier: await ES256.getVerifier(await jwkOf(publicKey)) }),
    signAlg: 'ES256',
    hasher: digest,
    hashAlg: 'sha-256',
    saltGenerator: generateSalt,
    kbVerifier: async (data, signature, payload) => (await ES256.getVerifier(holder ?? payload.cnf.jwk))(data, signature),
  });

/** A credential by @sd-jwt for the holder's key. */
export async function issue(certified, jwk, { claims = PERSON, frame, more = {} } = {}) {
  const instance = await credentials(certified);
  const payload = { iss: 'http://kiallito.localhost', iat: now(), exp: now() + 3600, vct: VCT, cnf: { jwk }, issuing_country: 'HU', ...claims, ...more };
  const hidden = frame ?? { _sd: Object.keys(claims), _sd_decoy: 2, ...(claims.place_of_birth && { place_of_birth: { _sd: ['locality'] } }) };
  return instance.issue(payload, hidden, { header: { x5c: certified.x5c } });
}

/** Verifies a presentation by @sd-jwt and gives what it shows. */
export async function verifyPresentation(presentation, certified, { nonce, audience }) {
  const verified = await (await credentials(certified)).verify(presentation, { keyBindingNonce: nonce });
  assert.equal(verified.kb.payload.aud, audience, 'the presentation is for this verifier');
  assert.ok(Math.abs(verified.kb.payload.iat - now()) < 300);
  return verified.payload;
}

const jsonAnswer = (value, status = 200, headers = {}) => new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } });

/** An issuer with its authorization server at one origin (OpenID4VCI 1.0). */
export class Issuer {
  constructor(origin, certified, { secondCode, dpop = false, encrypted = false } = {}) {
    Object.assign(this, { origin, certified, secondCode, dpop, encrypted });
    this.code = randomUUID();
    this.heard = [];
    this.nonces = new Set();
    /** What its status list says at its place 3 (Token Status List section 7.1). */
    this.status = 0;
  }

  async offer() {
    const grant = { 'pre-authorized_code': this.code, ...(this.secondCode && { tx_code: { input_mode: 'numeric', length: this.secondCode.length } }) };
    const library = new Openid4vciIssuer({ callbacks: { hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(), fetch } });
    const { credentialOfferObject } = await library.createCredentialOffer({ issuerMetadata: { originalDraftVersion: 'V1', credentialIssuer: this.metadata(), authorizationServers: [this.serverMetadata()] }, credentialConfigurationIds: ['pid'], grants: { [PRE_AUTHORIZED]: grant } });
    return credentialOfferObject;
  }

  async link() {
    return `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(await this.offer()))}`;
  }

  metadata() {
    const at = (path) => `${this.origin}${path}`;
    return {
      credential_issuer: this.origin,
      credential_endpoint: at('/credential'),
      nonce_endpoint: at('/nonce'),
      notification_endpoint: at('/notification'),
      display: [{ name: 'Minta Kiállító', locale: 'hu' }, { name: 'Sample Issuer', locale: 'en' }],
      ...(this.encrypted && {
        credential_request_encryption: { jwks: { keys: [this.encryptionJwk] }, enc_values_supported: ['A128GCM'], encryption_required: true },
        credential_response_encryption: { alg_values_supported: ['ECDH-ES'], enc_values_supported: ['A256GCM'], encryption_required: true },
      }),
      credential_configurations_supported: {
        pid: {
          format: 'dc+sd-jwt',
          vct: VCT,
          cryptographic_binding_methods_supported: ['jwk'],
          credential_signing_alg_values_supported: ['ES256'],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
          credential_metadata: {
            display: [{ name: 'Személyi adatok', locale: 'hu' }, { name: 'Person data', locale: 'en' }],
            claims: [{ path: ['email'], display: [{ name: 'Levélcím', locale: 'hu' }, { name: 'Mail address', locale: 'en' }] }],
          },
        },
      },
    };
  }

  serverMetadata() {
    return {
      issuer: this.origin,
      token_endpoint: `${this.origin}/token`,
      'pre-authorized_grant_anonymous_access_supported': true,
      ...(this.dpop && { dpop_signing_alg_values_supported: ['ES256'] }),
    };
  }

  /** @param {Request} request */
  async answer(request) {
    const { pathname } = new URL(request.url);
    const at = `${request.method} ${pathname}`;
    this.heard.push(at);
    if (at === 'GET /.well-known/openid-credential-issuer') return jsonAnswer(this.metadata());
    if (at === 'GET /.well-known/oauth-authorization-server') return jsonAnswer(this.serverMetadata());
    if (at === 'GET /status/1') return this.#statusList();
    if (at === 'GET /offer') return jsonAnswer(await this.offer());
    if (at === 'POST /nonce') return jsonAnswer({ c_nonce: this.#nonce() });
    if (at === 'POST /token') return this.#token(request);
    if (at === 'POST /credential') return this.#credential(request);
    if (at === 'POST /notification') {
      this.notified = await request.json();
      return new Response(null, { status: 204 });
    }
    return jsonAnswer({ error: 'not_found' }, 404);
  }

  #nonce() {
    const nonce = randomUUID();
    this.nonces.add(nonce);
    return nonce;
  }

  /** Checks a DPoP proof by jose; the first time it asks for its nonce. */
  async #proves(request, token) {
    const proof = request.headers.get('dpop');
    const { payload, protectedHeader } = await jose.jwtVerify(proof, await jose.importJWK(jose.decodeProtectedHeader(proof).jwk, 'ES256'), { typ: 'dpop+jwt' });
    assert.equal(payload.htm, 'POST');
    assert.equal(payload.htu, request.url);
    if (token) assert.equal(payload.ath, createHash('sha256').update(token).digest('base64url'));
    this.thumbprint ??= await jose.calculateJwkThumbprint(protectedHeader.jwk);
    assert.equal(await jose.calculateJwkThumbprint(protectedHeader.jwk), this.thumbprint, 'one key for one reception');
    return payload.nonce === 'dpop-nonce-1';
  }

  async #token(request) {
    if (this.dpop && !(await this.#proves(request))) return jsonAnswer({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': 'dpop-nonce-1' });
    const form = new URLSearchParams(await request.text());
    assert.equal(form.get('grant_type'), PRE_AUTHORIZED);
    assert.equal(form.get('client_id'), null, 'nobody says who they are where nobody asks');
    const isRight = form.get('pre-authorized_code') === this.code && (form.get('tx_code') ?? undefined) === this.secondCode;
    if (!isRight) {
      // Who tries again may take another key.
      this.thumbprint = undefined;
      return jsonAnswer({ error: 'invalid_grant' }, 400);
    }
    this.token = randomUUID();
    return jsonAnswer({ access_token: this.token, token_type: this.dpop ? 'DPoP' : 'Bearer', expires_in: 600 });
  }

  async #credential(request) {
    assert.equal(request.headers.get('authorization'), `${this.dpop ? 'DPoP' : 'Bearer'} ${this.token}`);
    if (this.dpop && !(await this.#proves(request, this.token))) return jsonAnswer({ error: 'use_dpop_nonce' }, 401, { 'dpop-nonce': 'dpop-nonce-1' });
    const body = await this.#opened(request);
    assert.equal(body.credential_configuration_id, 'pid');
    const [proof] = body.proofs.jwt;
    const { jwk } = jose.decodeProtectedHeader(proof);
    const { payload } = await jose.jwtVerify(proof, await jose.importJWK(jwk, 'ES256'), { typ: 'openid4vci-proof+jwt', audience: this.origin });
    if (!this.nonces.delete(payload.nonce)) return jsonAnswer({ error: 'invalid_nonce' }, 400);
    this.holder = jwk;
    const credential = await issue(this.certified, jwk, { more: { iss: this.origin }, ...this.issued });
    const answer = { credentials: [{ credential }], notification_id: 'n-1' };
    if (!this.encrypted) return jsonAnswer(answer);
    const { jwk: to, enc } = body.credential_response_encryption;
    const sealed = await new jose.CompactEncrypt(Buffer.from(JSON.stringify(answer))).setProtectedHeader({ alg: 'ECDH-ES', enc }).encrypt(await jose.importJWK(to, 'ECDH-ES'));
    return new Response(sealed, { headers: { 'content-type': 'application/jwt' } });
  }

  async #statusList() {
    const list = new StatusList([0, 0, 0, this.status], 2);
    const payload = { sub: `${this.origin}/status/1`, iat: now(), exp: now() + 60, status_list: { bits: 2, lst: list.compressStatusList() } };
    const token = await signed({ typ: 'statuslist+jwt', x5c: this.certified.x5c }, payload, this.certified.privateKey);
    return new Response(token, { headers: { 'content-type': 'application/statuslist+jwt' } });
  }

  async #opened(request) {
    if (!this.encrypted) return request.json();
    assert.equal(request.headers.get('content-type'), 'application/jwt');
    const { plaintext } = await jose.compactDecrypt(await request.text(), this.encryptionKey);
    return JSON.parse(Buffer.from(plaintext));
  }

  /** Wants requests and answers encrypted from now on. */
  async encrypt() {
    const { publicKey, privateKey } = await jose.generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    Object.assign(this, { encrypted: true, encryptionKey: privateKey, encryptionJwk: { ...(await jose.exportJWK(publicKey)), alg: 'ECDH-ES', use: 'enc', kid: 'req-1' } });
    return this;
  }
}

/** A query for a person's names, and their e-mail if they like. */
export const QUERY = {
  credentials: [
    {
      id: 'pid',
      format: 'dc+sd-jwt',
      meta: { vct_values: [VCT] },
      claims: [
        { id: 'family', path: ['family_name'] },
        { id: 'given', path: ['given_name'] },
        { id: 'email', path: ['email'] },
      ],
      claim_sets: [['family', 'given', 'email'], ['family', 'given']],
    },
  ],
};

/** A verifier at one origin (OpenID4VP 1.0). */
export class Verifier {
  constructor(origin, certified, issuer, { mode = 'direct_post.jwt', method = 'post', query = QUERY } = {}) {
    Object.assign(this, { origin, certified, issuer, mode, method, query });
    this.nonce = randomUUID();
    this.state = randomUUID();
    this.clientId = `x509_hash:${certified.fingerprint}`;
  }

  async init() {
    const { publicKey, privateKey } = await jose.generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    this.key = privateKey;
    this.jwk = { ...(await jose.exportJWK(publicKey)), alg: 'ECDH-ES', use: 'enc', kid: 'answer-1' };
    return this;
  }

  /** `openid4vp:` for another device, an address of the wallet for the same one. */
  link(start = 'openid4vp://') {
    const parameters = { client_id: this.clientId, request_uri: `${this.origin}/request`, request_uri_method: this.method };
    return `${start}?${new URLSearchParams(parameters)}`;
  }

  claims(walletNonce) {
    return {
      client_id: this.clientId,
      aud: 'https://self-issued.me/v2',
      iat: now(),
      exp: now() + 120,
      response_type: 'vp_token',
      response_mode: this.mode,
      response_uri: `${this.origin}/response`,
      nonce: this.nonce,
      state: this.state,
      dcql_query: this.query,
      client_metadata: {
        vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
        ...(this.mode === 'direct_post.jwt' && { jwks: { keys: [this.jwk] }, encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'] }),
      },
      verifier_info: [
        {
          format: 'urn:kapu:verifier-info:service',
          data: {
            service: 'Magyarorszag.hu',
            purpose: [
              { lang: 'hu', value: 'Belépés az ügyeihez.' },
              { lang: 'en', value: 'Sign-in to your affairs.' },
            ],
          },
        },
      ],
      ...(walletNonce && { wallet_nonce: walletNonce }),
    };
  }

  request(claims = this.claims(), header = {}, key = this.certified.privateKey) {
    validateOpenid4vpAuthorizationRequestPayload({ params: claims, walletVerificationOptions: { expectedNonce: claims.wallet_nonce } });
    return signed({ typ: 'oauth-authz-req+jwt', x5c: this.certified.x5c, ...header }, claims, key);
  }

  /** @param {Request} request */
  async answer(request) {
    const { pathname } = new URL(request.url);
    if (pathname === '/request' || pathname.startsWith('/k/')) {
      const walletNonce = request.method === 'POST' ? new URLSearchParams(await request.text()).get('wallet_nonce') : undefined;
      return new Response(await this.request(this.claims(walletNonce)), { headers: { 'content-type': 'application/oauth-authz-req+jwt' } });
    }
    if (pathname === '/response' && request.method === 'POST') {
      await this.#receive(Object.fromEntries(new URLSearchParams(await request.text())));
      return jsonAnswer({ redirect_uri: `${this.origin}/done` });
    }
    if (pathname === '/done') return new Response('<!doctype html><title>4702</title><h1>4702</h1>', { headers: { 'content-type': 'text/html' } });
    return jsonAnswer({ error: 'not_found' }, 404);
  }

  async #receive(parameters) {
    this.posted = parameters;
    if (parameters.error) return;
    const parsed = await parseOpenid4vpAuthorizationResponse({
      authorizationResponse: parameters,
      authorizationRequestPayload: this.claims(),
      callbacks: {
        decryptJwe: async (jwe) => {
          const { plaintext, protectedHeader } = await jose.compactDecrypt(jwe, this.key);
          this.encryptedBy = protectedHeader;
          return { decrypted: true, decryptionJwk: this.jwk, payload: Buffer.from(plaintext).toString() };
        },
        verifyJwt: () => assert.fail('nothing is signed as a whole'),
        getX509CertificateMetadata: () => ({}),
      },
    });
    const { vp_token, state } = parsed.authorizationResponsePayload;
    assert.equal(state, this.state);
    const presentations = typeof vp_token === 'string' ? JSON.parse(vp_token) : vp_token;
    this.shown = {};
    for (const [id, [presentation]] of Object.entries(presentations)) {
      this.shown[id] = await verifyPresentation(presentation, this.issuer, { nonce: this.nonce, audience: this.clientId });
    }
  }
}

/** Serves parties by their hosts, with what a page of another origin needs; answers with how to stop. */
export function serve(port, parties) {
  const server = createServer(async (incoming, outgoing) => {
    const party = parties[incoming.headers.host];
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type, dpop', 'access-control-expose-headers': 'dpop-nonce, www-authenticate' };
    const body = await new Response(incoming).arrayBuffer();
    const hasBody = !['GET', 'HEAD'].includes(incoming.method);
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, { method: incoming.method, headers: incoming.headers, ...(hasBody && { body }) });
    let answer = new Response(null, { status: 204 });
    if (incoming.method !== 'OPTIONS') answer = await party.answer(request).catch((fault) => (party.fault = fault, new Response(null, { status: 500 })));
    outgoing.writeHead(answer.status, { ...cors, ...Object.fromEntries(answer.headers), 'set-cookie': answer.headers.getSetCookie() });
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done(() => new Promise((closed) => server.close(closed)))));
}
