// Receiving credentials: OpenID4VCI 1.0 with a pre-authorized code, on the wallet's side.

import { has, isObject, jsonObject, utf8 } from './base64url.js';
import { Dpop, isAskedBy } from './dpop.js';
import { KEYS, NONCE_CHARACTERS, URI_CHARACTERS } from './limits.js';
import { Fault, demand } from './fault.js';
import { address, errorOf } from './net.js';
import { chooseEncryption, chooseKey, decrypt, encrypt, generateKey as generateEncryptionKey } from './jwe.js';
import { generateKey, sign } from './jws.js';
import { receive } from './sd_jwt.js';
import { shown } from './shown.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const FORMAT = 'dc+sd-jwt';
const PROOF_TYP = 'openid4vci-proof+jwt';

const isText = (value, max) => typeof value === 'string' && value.length >= 1 && value.length <= max;

/** The offer that a link leads to. */
export const fetchOffer = async (net, { offer, offerUri }) => readOffer(offer ?? (await net.json(offerUri)));

/** Reads an offer (section 4.1.1). */
export function readOffer(offer) {
  demand(isObject(offer), 'offer', 'the offer is no object');
  const { credential_issuer: issuer, credential_configuration_ids: ids, grants } = offer;
  address(issuer);
  demand(Array.isArray(ids) && ids.length >= 1 && ids.length <= KEYS && ids.every((id) => isText(id, URI_CHARACTERS)), 'offer', 'the offer names no credential');
  const grant = grants?.[GRANT];
  demand(isObject(grant), 'offer_way', 'the offer has no code');
  const { 'pre-authorized_code': code, tx_code, authorization_server: server } = grant;
  demand(isText(code, URI_CHARACTERS), 'offer', 'the offer has no code');
  demand(tx_code === undefined || isObject(tx_code), 'offer', 'the second code is malformed');
  return { issuer, ids, code, server, second: tx_code && second(tx_code) };
}

function second({ input_mode: mode = 'numeric', length, description }) {
  demand(['numeric', 'text'].includes(mode), 'offer', 'the second code is of an unknown kind');
  demand(length === undefined || (Number.isSafeInteger(length) && length > 0 && length <= 64), 'offer', 'the second code has no length');
  return { isNumeric: mode === 'numeric', length, description: typeof description === 'string' ? shown(description) : undefined };
}

/** What the issuer and its authorization server say of themselves (section 12.2, RFC 8414). */
export async function fetchMetadata(net, offer) {
  const issuer = await net.json(wellKnown(offer.issuer, 'openid-credential-issuer'));
  demand(issuer.credential_issuer === offer.issuer, 'issuer', 'the issuer calls itself otherwise');
  const servers = issuer.authorization_servers ?? [offer.issuer];
  demand(Array.isArray(servers) && servers.length >= 1, 'issuer', 'the issuer has no authorization server');
  const name = offer.server ?? servers[0];
  demand(servers.includes(name), 'issuer', 'the offer names an unknown authorization server');
  const server = await net.json(wellKnown(name, 'oauth-authorization-server'));
  demand(server.issuer === name, 'issuer', 'the authorization server calls itself otherwise');
  const configurations = offer.ids
    .filter((id) => has(issuer.credential_configurations_supported ?? {}, id))
    .map((id) => ({ id, ...issuer.credential_configurations_supported[id] }))
    .filter(isReceivable);
  demand(configurations.length, 'kind', 'no credential of the offer is of a kind that we hold');
  return { issuer, server, configuration: configurations[0], display: display(configurations[0], issuer) };
}

/** The well-known part stands between host and path (RFC 8615; section 12.2.2). */
function wellKnown(of, name) {
  const url = address(of);
  return `${url.origin}/.well-known/${name}${url.pathname.replace(/\/$/, '')}`;
}

function isReceivable({ format, proof_types_supported: proofs, cryptographic_binding_methods_supported: methods }) {
  return format === FORMAT && (methods === undefined || methods.includes('jwk')) && (proofs?.jwt?.proof_signing_alg_values_supported ?? []).includes('ES256');
}

/** Names in languages for the credential, its claims and its issuer, as the issuer gives them. */
function display({ credential_metadata: metadata = {} }, issuer) {
  const named = (listed) => {
    const names = Array.isArray(listed) ? listed.filter((entry) => typeof entry?.name === 'string') : [];
    return Object.fromEntries(names.map(({ name, locale }) => [typeof locale === 'string' ? locale : '', shown(name)]));
  };
  const claims = Array.isArray(metadata.claims) ? metadata.claims.filter((claim) => Array.isArray(claim?.path)) : [];
  return {
    name: named(metadata.display),
    issuer: named(issuer.display),
    claims: claims.slice(0, 64).map((claim) => ({ path: claim.path, name: named(claim.display) })),
  };
}

/**
 * Redeems an offer and receives its credential, checked, with the key that it is bound to.
 *
 * @param {{ anchors: Uint8Array[], now: () => number, clientId: string, secondCode?: string }} options
 */
export async function redeem(net, offer, metadata, { anchors, now, clientId, secondCode }) {
  const access = await fetchToken(net, offer, metadata, { clientId, secondCode });
  const key = await generateKey();
  const received = await fetchCredential(net, offer, metadata, access, { key, now });
  const notify = (event) => notified(net, metadata, access, received.notificationId, event);
  try {
    const { claims, signer } = await receive(received.text, { anchors, now: now(), publicJwk: key.publicJwk });
    demand(claims.vct === (metadata.configuration.vct ?? claims.vct), 'credential', 'the credential is of another type');
    return { text: received.text, key, issuedBy: signer.commonName, notify };
  } catch (fault) {
    await notify('credential_failure');
    throw fault;
  }
}

/** Section 6. */
async function fetchToken(net, offer, { server }, { clientId, secondCode }) {
  const where = address(server.token_endpoint).href;
  const parameters = {
    grant_type: GRANT,
    'pre-authorized_code': offer.code,
    ...(secondCode !== undefined && { tx_code: secondCode }),
    ...(server['pre-authorized_grant_anonymous_access_supported'] !== true && { client_id: clientId }),
  };
  const dpop = isAskedBy(server) ? await Dpop.create() : undefined;
  const send = (headers) => net.post(where, parameters, { accept: 'application/json', ...headers });
  const answer = dpop ? await dpop.send(where, 'POST', undefined, send) : await send({});
  if (!answer.ok) {
    const error = errorOf(answer);
    throw new Fault(error === 'invalid_grant' ? (offer.second ? 'second_code' : 'gone') : 'refused', `token: ${answer.status} ${error}`);
  }
  const { access_token: token, token_type: type, authorization_details: details } = jsonObject(answer.body);
  demand(isText(token, ANY_TOKEN) && typeof type === 'string', 'malformed', 'the token is malformed');
  const isBound = type.toLowerCase() === 'dpop';
  demand(isBound ? dpop : type.toLowerCase() === 'bearer', 'malformed', 'the token is of an unknown kind');
  return { token, dpop: isBound ? dpop : undefined, details: Array.isArray(details) ? details : [] };
}

/** The longest access token, in characters. */
const ANY_TOKEN = 8 * 1024;

/** Sends with the access token. */
function authorized(net, where, { token, dpop }, { body, type }) {
  const send = (headers) => net.send(where, { method: 'POST', body, headers: { accept: 'application/json, application/jwt', 'content-type': type, ...headers } });
  return dpop ? dpop.send(where, 'POST', token, send) : send({ authorization: `Bearer ${token}` });
}

/** Section 7. */
async function fetchNonce(net, { issuer }) {
  if (issuer.nonce_endpoint === undefined) return undefined;
  const answer = await net.send(address(issuer.nonce_endpoint).href, { method: 'POST', headers: { accept: 'application/json' } });
  demand(answer.ok, 'refused', `nonce: ${answer.status}`);
  const { c_nonce: nonce } = jsonObject(answer.body);
  demand(isText(nonce, NONCE_CHARACTERS), 'malformed', 'the nonce is malformed');
  return nonce;
}

/** Section 8; once more with a new nonce if the first was too old. */
async function fetchCredential(net, offer, metadata, access, { key, now }) {
  const { issuer, configuration } = metadata;
  const where = address(issuer.credential_endpoint).href;
  const own = access.details.find((detail) => detail?.credential_configuration_id === configuration.id)?.credential_identifiers?.[0];
  const which = isText(own, URI_CHARACTERS) ? { credential_identifier: own } : { credential_configuration_id: configuration.id };
  for (let isSecond = false; ; isSecond = true) {
    const nonce = await fetchNonce(net, metadata);
    const claims = { aud: offer.issuer, iat: now(), ...(nonce !== undefined && { nonce }) };
    const proof = await sign({ typ: PROOF_TYP, jwk: key.publicJwk }, claims, key.privateKey);
    const request = await encrypted(issuer, { ...which, proofs: { jwt: [proof] } });
    const answer = await authorized(net, where, access, request);
    const error = errorOf(answer);
    if (error === 'invalid_nonce' && !isSecond) continue;
    demand(answer.status !== 202, 'later', 'the credential is issued later');
    demand(answer.ok, 'refused', `credential: ${answer.status} ${error}`);
    return readCredential(request.open ? await request.open(answer.body) : jsonObject(answer.body));
  }
}

/** The request as it is sent: encrypted, and with a key for the answer, where the issuer requires it (section 10). */
async function encrypted({ credential_request_encryption: asked, credential_response_encryption: answered }, request) {
  if (!asked?.encryption_required && !answered?.encryption_required) return { body: JSON.stringify(request), type: 'application/json' };
  const key = chooseKey(asked?.jwks?.keys ?? []);
  const enc = chooseEncryption(asked?.enc_values_supported ?? []);
  demand(key && enc, 'issuer', 'no key and encryption for the request is one of ours');
  let open;
  if (answered?.encryption_required) {
    const answerEnc = chooseEncryption(answered.enc_values_supported ?? []);
    demand(answerEnc && answered.alg_values_supported?.includes('ECDH-ES'), 'issuer', 'no encryption for the answer is one of ours');
    const { privateKey, publicJwk } = await generateEncryptionKey();
    request = { ...request, credential_response_encryption: { jwk: publicJwk, enc: answerEnc } };
    open = async (body) => jsonObject(await decrypt(new TextDecoder().decode(body).trim(), privateKey));
  }
  return { body: await encrypt(key, enc, utf8(JSON.stringify(request))), type: 'application/jwt', open };
}

function readCredential({ credentials, notification_id: notificationId }) {
  demand(Array.isArray(credentials) && credentials.length >= 1, 'malformed', 'there is no credential in the answer');
  const text = credentials[0]?.credential;
  demand(typeof text === 'string', 'malformed', 'the credential is no text');
  return { text, notificationId: isText(notificationId, URI_CHARACTERS) ? notificationId : undefined };
}

/** Section 11. That the issuer does not hear of it changes nothing for the person. */
async function notified(net, { issuer }, access, notification_id, event) {
  if (issuer.notification_endpoint === undefined || notification_id === undefined) return;
  const body = JSON.stringify({ notification_id, event });
  await authorized(net, issuer.notification_endpoint, access, { body, type: 'application/json' }).catch(() => {});
}
