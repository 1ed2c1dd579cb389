// A wallet without a face, of libraries that nobody here wrote: messages by @openid4vc, queries by dcql, credentials by
// @sd-jwt and @auth0/mdl. The cryptography that they ask for is jose's and Node's.

import assert from 'node:assert/strict';
import { X509Certificate, createHash, randomBytes, randomUUID } from 'node:crypto';
import * as jose from 'jose';
import { ES256, digest } from '@sd-jwt/crypto-nodejs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { Openid4vciClient, setGlobalConfig } from '@openid4vc/openid4vci';
import { Openid4vpClient } from '@openid4vc/openid4vp';
import { DcqlQuery } from 'dcql';
import mdl from '@auth0/mdl';
import { cborDecode, cborEncode } from '@auth0/mdl/lib/cbor/index.js';
import { fetchLocal } from './kit.mjs';

// The demo is on this machine, without TLS.
setGlobalConfig({ allowInsecureUrls: true });

const now = () => Math.floor(Date.now() / 1000);
const sha256 = (data) => createHash('sha256').update(data).digest();
const hash = (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest();

export const SD_JWT = 'pid-sd-jwt';
export const MDOC = 'pid-mdoc';

/** A key of P-256. */
async function keyPair() {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
  return { privateKey, privateJwk: await jose.exportJWK(privateKey), publicJwk: await jose.exportJWK(publicKey) };
}

/** The leaf of a chain that leads to `anchor`, which is not in it (HAIP 1.0). */
export function leafOf(x5c, anchor) {
  const chain = x5c.map((der) => new X509Certificate(Buffer.from(der, 'base64')));
  assert.ok(!chain.some((certificate) => certificate.fingerprint256 === anchor.fingerprint256), 'the chain comes without its anchor');
  for (const [nth, certificate] of chain.entries()) {
    const above = chain[nth + 1] ?? anchor;
    assert.ok(certificate.checkIssued(above) && certificate.verify(above.publicKey), `${above.subject} certified ${certificate.subject}`);
    assert.ok(new Date(certificate.validFrom) <= new Date() && new Date() <= new Date(certificate.validTo));
  }
  return chain[0];
}

const jwkOf = (certificate) => certificate.publicKey.export({ format: 'jwk' });

/**
 * The session transcript of OpenID4VP 1.0 appendix B.2.6, as @auth0/mdl takes it: it knows that of an old draft alone.
 * Through a browser it is bound to the origin of the page.
 */
export async function sessionTranscript({ client_id, nonce, response_uri, client_metadata }, origin) {
  const thumbprint = Buffer.from(jose.base64url.decode(await jose.calculateJwkThumbprint(client_metadata.jwks.keys[0])));
  const handover = origin ? ['OpenID4VPDCAPIHandover', [origin, nonce, thumbprint]] : ['OpenID4VPHandover', [client_id, nonce, thumbprint, response_uri]];
  return cborEncode(mdl.DataItem.fromData([null, null, [handover[0], sha256(cborEncode(handover[1]))]]));
}

/** An issued document by itself, as the libraries take it: in a device's answer. */
const answerOf = (doctype, issuerSigned) =>
  cborEncode(new Map([['version', '1.0'], ['documents', [new Map([['docType', doctype], ['issuerSigned', cborDecode(issuerSigned)]])]], ['status', 0]]));

export class ForeignWallet {
  #keys = new Map();

  /**
   * `issuers` and `verifiers` are the certificates, in PEM, of the authorities that it trusts; `provider` certified
   * attests it, as the client of that name.
   */
  constructor({ issuers, verifiers, provider, clientId, reach = fetchLocal }) {
    this.issuers = new X509Certificate(issuers);
    this.verifiers = new X509Certificate(verifiers);
    this.clientId = clientId;
    this.held = {};
    /** What was answered when something was asked, for the tests. */
    this.heard = [];
    const fetch = async (address, init) => {
      const answer = await reach(address, init);
      this.heard.push({ at: `${init?.method?.toUpperCase() ?? 'GET'} ${new URL(address).pathname}`, status: answer.status });
      return answer;
    };
    this.callbacks = {
      fetch,
      hash,
      generateRandom: randomBytes,
      clientAuthentication: async ({ headers, authorizationServerMetadata }) => provider && this.#attest(provider, headers, authorizationServerMetadata.issuer),
      signJwt: async (signer, { header, payload }) => {
        const key = this.#keys.get(await jose.calculateJwkThumbprint(signer.publicJwk));
        return { jwt: await new jose.SignJWT(payload).setProtectedHeader(header).sign(key), signerJwk: signer.publicJwk };
      },
      verifyJwt: async (signer, { compact }) => {
        assert.equal(signer.method, 'x5c');
        const leaf = leafOf(signer.x5c, this.verifiers);
        await jose.compactVerify(compact, leaf.publicKey, { algorithms: ['ES256'] });
        return { verified: true, signerJwk: jwkOf(leaf) };
      },
      encryptJwe: async ({ publicJwk, alg, enc, apu, apv }, data) => {
        const parties = { ...(apu && { apu: jose.base64url.decode(apu) }), ...(apv && { apv: jose.base64url.decode(apv) }) };
        const message = new jose.CompactEncrypt(Buffer.from(data)).setProtectedHeader({ alg, enc, kid: publicJwk.kid });
        const jwe = await message.setKeyManagementParameters(parties).encrypt(await jose.importJWK(publicJwk, alg));
        return { encryptionJwk: publicJwk, jwe };
      },
      decryptJwe: () => assert.fail('nothing is encrypted to this wallet'),
      getX509CertificateMetadata: () => ({ sanDnsNames: [], sanUriNames: [] }),
    };
    this.vci = new Openid4vciClient({ callbacks: this.callbacks });
    this.vp = new Openid4vpClient({ callbacks: this.callbacks });
  }

  async #key() {
    const pair = await keyPair();
    this.#keys.set(await jose.calculateJwkThumbprint(pair.publicJwk), pair.privateKey);
    return pair;
  }

  /** Says which wallet it is (draft-ietf-oauth-attestation-based-client-auth-07), by its provider and by a key of its own. */
  async #attest({ privateKey, x5c }, headers, audience) {
    this.instance ??= await this.#key();
    const sign = (header, payload, key) => new jose.SignJWT(payload).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
    const attested = { sub: this.clientId, exp: now() + 3600, cnf: { jwk: this.instance.publicJwk } };
    headers.set('OAuth-Client-Attestation', await sign({ typ: 'oauth-client-attestation+jwt', x5c }, attested, privateKey));
    const proof = { iss: this.clientId, aud: audience, iat: now(), jti: randomUUID() };
    headers.set('OAuth-Client-Attestation-PoP', await sign({ typ: 'oauth-client-attestation-pop+jwt' }, proof, this.instance.privateKey));
  }

  /** Asks by itself: pushes a request, and gives the address at which its person allows it or not. */
  async begin(issuer, configurations, redirectUri) {
    const issuerMetadata = await this.vci.resolveIssuerMetadata(issuer);
    const credentialOffer = { credential_issuer: issuer, credential_configuration_ids: configurations, grants: { authorization_code: {} } };
    const { publicJwk } = await this.#key();
    const dpop = { signer: { method: 'jwk', alg: 'ES256', publicJwk } };
    const request = { credentialOffer, issuerMetadata, clientId: this.clientId, redirectUri, scope: configurations.join(' '), dpop };
    const begun = await this.vci.createAuthorizationRequestUrlFromOffer(request);
    Object.assign(this, { credentialOffer, issuerMetadata, begun: { ...begun, redirectUri } });
    return begun.authorizationRequestUrl;
  }

  /** What it is told at the address to which its person is led back: a code, or an error. */
  told(url) {
    const [authorizationServerMetadata] = this.issuerMetadata.authorizationServers;
    return this.vci.parseAndVerifyAuthorizationResponseRedirectUrl({ url, authorizationServerMetadata });
  }

  /** Takes a code to an access token that is bound to the key of the request. */
  async redeemCode(authorizationCode) {
    const { credentialOffer, issuerMetadata } = this;
    const { pkce, dpop, redirectUri } = this.begun;
    const redeemed = await this.vci.retrieveAuthorizationCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, authorizationCode, pkceCodeVerifier: pkce.codeVerifier, redirectUri, dpop });
    Object.assign(this, { token: redeemed.accessTokenResponse, dpop: redeemed.dpop });
  }

  /** Takes an offer to an access token that is bound to a key (RFC 9449). */
  async redeem(link, txCode) {
    const credentialOffer = await this.vci.resolveCredentialOffer(link);
    const issuerMetadata = await this.vci.resolveIssuerMetadata(credentialOffer.credential_issuer);
    const { publicJwk } = await this.#key();
    const dpop = { signer: { method: 'jwk', alg: 'ES256', publicJwk } };
    const redeemed = await this.vci.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, txCode, dpop });
    Object.assign(this, { credentialOffer, issuerMetadata, token: redeemed.accessTokenResponse, dpop: redeemed.dpop });
  }

  async nonce() {
    return (await this.vci.requestNonce({ issuerMetadata: this.issuerMetadata })).c_nonce;
  }

  /** Asks for a credential, for a new key that is proven with `nonce`. */
  async ask(configuration, nonce) {
    const { issuerMetadata, dpop, token } = this;
    const key = await this.#key();
    const signer = { method: 'jwk', alg: 'ES256', publicJwk: key.publicJwk };
    const { jwt } = await this.vci.createCredentialRequestJwtProof({ issuerMetadata, credentialConfigurationId: configuration, nonce, signer });
    const answer = await this.vci.retrieveCredentials({ issuerMetadata, accessToken: token.access_token, credentialConfigurationId: configuration, proofs: { jwt: [jwt] }, dpop });
    return { key, answer: answer.credentialResponse };
  }

  /** Receives a credential, checks it, keeps it and says so. */
  async receive(configuration) {
    const { key, answer } = await this.ask(configuration, await this.nonce());
    const [{ credential }] = answer.credentials;
    const judged = configuration === MDOC ? await this.#judgeDocument(credential) : await this.#judgeSdJwt(credential);
    this.held[configuration] = { credential, key, ...judged };
    const { issuerMetadata, dpop, token } = this;
    const notification = { notificationId: answer.notification_id, event: 'credential_accepted' };
    const told = await this.vci.sendNotification({ issuerMetadata, accessToken: token.access_token, notification, dpop });
    assert.ok(told.ok);
    return this.held[configuration];
  }

  /** Keeps an SD-JWT VC with these claims that somebody else makes for a new key, as it is. */
  async keep(claims, make) {
    const key = await this.#key();
    const credential = await make(key.publicJwk);
    this.held[SD_JWT] = { credential, key, match: { credential_format: 'dc+sd-jwt', vct: 'urn:eudi:pid:1', claims, cryptographic_holder_binding: true } };
  }

  /** Verified by @sd-jwt: the signature by the chain, and the status list, which is signed by the same issuer. */
  async #judgeSdJwt(credential) {
    const by = (token) => jwkOf(leafOf(jose.decodeProtectedHeader(token).x5c, this.issuers));
    const verifierOf = async (token) => ES256.getVerifier(by(token));
    let list;
    const instance = new SDJwtVcInstance({
      hasher: digest,
      hashAlg: 'sha-256',
      verifier: await verifierOf(credential.split('~')[0]),
      statusListFetcher: async (uri) => {
        const answer = await this.callbacks.fetch(uri, { headers: { accept: 'application/statuslist+jwt' } });
        assert.equal(answer.headers.get('content-type'), 'application/statuslist+jwt');
        list = await answer.text();
        return list;
      },
      statusVerifier: async (data, signature) => (await verifierOf(list))(data, signature),
    });
    const { payload, header } = await instance.verify(credential);
    assert.ok(list, 'its state was asked for');
    return { header, claims: payload, match: { credential_format: 'dc+sd-jwt', vct: payload.vct, claims: payload, cryptographic_holder_binding: true } };
  }

  /** Verified by @auth0/mdl, which says of each of its checks how it went. */
  async #judgeDocument(credential) {
    const doctype = this.issuerMetadata.credentialIssuer.credential_configurations_supported[MDOC].doctype;
    const response = answerOf(doctype, Buffer.from(credential, 'base64url'));
    const checks = [];
    await new mdl.Verifier([this.issuers.toString()]).verify(response, { onCheck: (check) => checks.push(check) });
    const document = mdl.parse(response).documents[0];
    const namespaces = Object.fromEntries(Object.keys(document.issuerSigned.nameSpaces).map((name) => [name, document.getIssuerNameSpace(name)]));
    return { response, doctype, checks, namespaces, match: { credential_format: 'mso_mdoc', doctype, namespaces, cryptographic_holder_binding: true } };
  }

  /**
   * Fetches and verifies the request of a link, by GET or by POST. The library leaves its nonce out of what it
   * posts (0.4.6), so this posts by itself, and gives the library the request by value.
   */
  async resolve(link, method) {
    const { params } = this.vp.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link });
    if (method === 'get') return this.#resolved({ ...params, request_uri_method: 'get' });
    assert.equal(params.request_uri_method, 'post');
    const nonce = randomUUID();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/oauth-authz-req+jwt' };
    const answer = await this.callbacks.fetch(params.request_uri, { method: 'POST', headers, body: new URLSearchParams({ wallet_nonce: nonce }) });
    const { client_id } = params;
    return this.#resolved({ client_id, request: await answer.text() }, nonce);
  }

  /** Verifies the request that a browser hands over from a page of that origin (appendix A). */
  resolveHandedOver({ request }, origin) {
    return this.#resolved({ request, client_id: jose.decodeJwt(request).client_id }, undefined, origin);
  }

  async #resolved(authorizationRequestPayload, nonce, origin) {
    const wallet = { ...(nonce && { nonce, expectedNonce: nonce }) };
    const resolved = await this.vp.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload, wallet, origin });
    // The library holds the name against the certificate.
    assert.equal(resolved.client.prefix, 'x509_hash');
    const { authorizationRequestPayload: request } = resolved;
    if (nonce) assert.equal(request.wallet_nonce, nonce);
    return request;
  }

  /** What of the held credential of that configuration the query asks for, by the query's id. */
  matched(request, configuration) {
    const query = DcqlQuery.parse(request.dcql_query);
    DcqlQuery.validate(query);
    const result = DcqlQuery.query(query, [this.held[configuration].match]);
    assert.ok(result.can_be_satisfied);
    const [id, match] = Object.entries(result.credential_matches).find(([, match]) => match.success);
    return { id, claims: match.valid_credentials[0].claims.valid_claim_sets[0].output };
  }

  /** A presentation, for whom and with which nonce the request says, unless a test says otherwise; `origin` is the page's whose browser asks. */
  async present(request, { configuration = SD_JWT, origin, audience = origin ? `origin:${origin}` : request.client_id, nonce = request.nonce, isBound = true } = {}) {
    const { credential, key, response, doctype } = this.held[configuration];
    const { id, claims } = this.matched(request, configuration);
    if (configuration === MDOC) return { [id]: [await this.#presentDocument(request, { nonce, origin, key, response, doctype, claims })] };
    const frame = Object.fromEntries(Object.keys(claims).map((name) => [name, true]));
    const instance = new SDJwtVcInstance({ hasher: digest, hashAlg: 'sha-256', kbSigner: await ES256.getSigner(key.privateJwk), kbSignAlg: 'ES256' });
    const kb = { payload: { iat: now(), aud: audience, nonce } };
    return { [id]: [await instance.present(credential, frame, isBound ? { kb } : undefined)] };
  }

  async #presentDocument(request, { nonce, origin, key, response, doctype, claims }) {
    const paths = Object.entries(claims).flatMap(([namespace, elements]) => Object.keys(elements).map((element) => `$['${namespace}']['${element}']`));
    const fields = paths.map((path) => ({ path: [path], intent_to_retain: false }));
    const shown = await mdl.DeviceResponse.from(response)
      .usingPresentationDefinition({ id: 'pid', input_descriptors: [{ id: doctype, format: { mso_mdoc: { alg: ['ES256'] } }, constraints: { limit_disclosure: 'required', fields } }] })
      .usingSessionTranscriptBytes(await sessionTranscript({ ...request, nonce }, origin))
      .authenticateWithSignature({ ...key.privateJwk, kid: 'device' }, 'ES256')
      .sign();
    return shown.encode().toString('base64url');
  }

  /** Encrypts presentations to the request's key. */
  seal(request, vp_token, origin) {
    return this.vp.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: request,
      origin,
      authorizationResponsePayload: { vp_token },
      jarm: {
        encryption: { nonce: randomUUID() },
        serverMetadata: { authorization_signing_alg_values_supported: [], authorization_encryption_alg_values_supported: ['ECDH-ES'], authorization_encryption_enc_values_supported: ['A256GCM', 'A128GCM'] },
      },
    });
  }

  /** Posts a sealed answer where the request says; the status, and where the person is led. */
  async post(request, sealed) {
    const { response } = await this.vp.submitOpenid4vpAuthorizationResponse({ authorizationRequestPayload: request, ...sealed });
    const { redirect_uri, error } = await response.json();
    return { status: response.status, redirect_uri, error };
  }

  async answer(request, options) {
    return this.post(request, await this.seal(request, await this.present(request, options)));
  }

  /** What a browser is given for a page of that origin that asks by `navigator.credentials.get`. */
  async answerHandedOver({ digital: { requests } }, origin, options) {
    const { protocol, data } = requests.find(({ protocol }) => protocol === 'openid4vp-v1-signed');
    const request = await this.resolveHandedOver(data, origin);
    assert.equal(request.response_mode, 'dc_api.jwt');
    const sealed = await this.seal(request, await this.present(request, { origin, ...options }), origin);
    return { protocol, data: { response: sealed.jarm.responseJwt } };
  }
}
