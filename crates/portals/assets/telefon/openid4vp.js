// Showing credentials: OpenID4VP 1.0 in the profile HAIP 1.0, on the wallet's side.

import { has, isObject, jsonObject, random, text, utf8 } from './base64url.js';
import { KEYS, NONCE_CHARACTERS, REQUEST_CHARACTERS, URI_CHARACTERS } from './limits.js';
import { Fault, demand } from './fault.js';
import { address, errorOf } from './net.js';
import { chooseEncryption, chooseKey, encrypt } from './jwe.js';
import { PURPOSES } from './x509.js';
import { present } from './sd_jwt.js';
import { read as readQuery } from './dcql.js';
import { shown } from './shown.js';
import { verifyByChain } from './jws.js';

const REQUEST_TYP = 'oauth-authz-req+jwt';
/** Every wallet that is not known in advance (section 5.8). */
const ANY_WALLET = 'https://self-issued.me/v2';
/** Attestations about a verifier that we read: which service asks and why, in its own signed words. */
const SERVICE_INFO = 'urn:kapu:verifier-info:service';
const NONCE_BYTES = 16;
/** What a URL carries unescaped (section 5.2). */
const URL_SAFE = /^[A-Za-z0-9._~-]+$/;

/** Fetches the request that a link leads to and checks it. */
export async function fetchRequest(net, { requestUri, clientId, method }, trust) {
  const accept = `application/${REQUEST_TYP}`;
  const walletNonce = method === 'post' ? random(NONCE_BYTES) : undefined;
  const answer = walletNonce
    ? await net.post(requestUri, { wallet_nonce: walletNonce }, { accept })
    : await net.send(requestUri, { headers: { accept } });
  demand(answer.ok, [404, 410].includes(answer.status) ? 'gone' : 'refused', `the request: ${answer.status}`);
  return readRequest(text(answer.body).trim(), { ...trust, clientId, walletNonce });
}

/**
 * Checks a signed request and says who asks for what.
 *
 * @param {string} token
 * @param {{ clientId?: string, walletNonce?: string, anchors: Uint8Array[], now: number }} expected
 *   `clientId` is that of the link; a short code has none.
 */
export async function readRequest(token, { clientId, walletNonce, anchors, now }) {
  const signed = { typ: REQUEST_TYP, charactersMax: REQUEST_CHARACTERS, anchors, purpose: PURPOSES.requests, now };
  const { payload, signer } = await verifyByChain(token, signed);
  // A wallet must not answer what it does not understand (section 8.4).
  demand(!has(payload, 'transaction_data'), 'request', 'transactions are not understood');
  const member = (name, max, isNeeded = true) => {
    const value = payload[name];
    demand(value === undefined ? !isNeeded : typeof value === 'string' && value.length <= max, 'request', `${name} is missing or malformed`);
    return value;
  };
  const asks = member('client_id', URI_CHARACTERS);
  demand(clientId === undefined || clientId === asks, 'verifier', 'the link led to another verifier');
  demand(member('response_type', NONCE_CHARACTERS) === 'vp_token', 'request', 'something else is asked for');
  const mode = member('response_mode', NONCE_CHARACTERS);
  demand(['direct_post', 'direct_post.jwt'].includes(mode), 'request', 'the response mode is unknown');
  demand(payload.aud === ANY_WALLET, 'request', 'the request is for somebody else');
  demand(!has(payload, 'redirect_uri'), 'request', 'two addresses for one answer');
  const responseUri = address(member('response_uri', URI_CHARACTERS));
  checkClient(asks, signer, responseUri);
  const [nonce, state] = [member('nonce', NONCE_CHARACTERS), member('state', NONCE_CHARACTERS, false)];
  demand(URL_SAFE.test(nonce) && (state === undefined || URL_SAFE.test(state)), 'request', 'the nonce or state is malformed');
  demand(walletNonce === undefined || payload.wallet_nonce === walletNonce, 'request', 'the request answers another fetch');
  for (const name of ['iat', 'nbf', 'exp']) demand(payload[name] === undefined || Number.isFinite(payload[name]), 'request', `${name} is malformed`);
  demand(payload.exp === undefined || payload.exp > now, 'expired', 'the request has ended');
  const metadata = payload.client_metadata;
  demand(isObject(metadata) && isObject(metadata.vp_formats_supported), 'request', 'client_metadata is missing or malformed');
  return {
    clientId: asks,
    responseUri: responseUri.href,
    encryption: mode === 'direct_post.jwt' ? encryption(metadata) : undefined,
    nonce,
    state,
    query: readQuery(payload.dcql_query),
    who: { name: signer.commonName, authority: signer.authorityName, host: responseUri.host },
    services: services(payload.verifier_info),
  };
}

/** Whether the signer may call itself so, and have answers sent there (section 5.9.3). */
function checkClient(clientId, signer, responseUri) {
  const at = clientId.indexOf(':');
  const [prefix, rest] = [clientId.slice(0, at), clientId.slice(at + 1)];
  const isSigner =
    (prefix === 'x509_hash' && rest === signer.fingerprint) ||
    (prefix === 'x509_san_dns' && signer.dnsNames.includes(rest) && responseUri.hostname === rest);
  demand(isSigner, 'verifier', 'the verifier is not who it says');
}

function encryption({ jwks, encrypted_response_enc_values_supported: offered = ['A128GCM'] }) {
  demand(Array.isArray(jwks?.keys) && jwks.keys.length <= KEYS && Array.isArray(offered), 'request', 'the keys for the answer are malformed');
  const [key, enc] = [chooseKey(jwks.keys), chooseEncryption(offered)];
  demand(key && enc, 'request', 'no key and encryption for the answer is one of ours');
  return { key, enc };
}

/** What attestations of the kind that we read say; others are passed over. */
function services(infos = []) {
  demand(Array.isArray(infos) && infos.length <= KEYS, 'request', 'verifier_info is malformed');
  const read = infos.filter((info) => isObject(info) && info.format === SERVICE_INFO && isObject(info.data));
  return read.map(({ data }) => ({ name: words(data.service), purpose: words(data.purpose) }));
}

/** A text in languages: `[{ lang, value }]`, or one text for all. */
function words(value) {
  if (typeof value === 'string') return { '': shown(value) };
  if (!Array.isArray(value)) return undefined;
  const listed = value.filter((entry) => typeof entry?.lang === 'string' && typeof entry.value === 'string');
  return Object.fromEntries(listed.map((entry) => [entry.lang, shown(entry.value)]));
}

/**
 * Shows credentials: for each id of the query a credential with its key, and the paths to show.
 *
 * @param {Map<string, { text: string, privateKey: CryptoKey, paths: (string | number | null)[][] }>} presented
 * @returns where to go on, if the verifier says so
 */
export async function answer(net, request, presented, now) {
  const vp_token = {};
  for (const [id, { text, privateKey, paths }] of presented) {
    vp_token[id] = [await present(text, paths, { audience: request.clientId, nonce: request.nonce, now, privateKey })];
  }
  const state = request.state === undefined ? {} : { state: request.state };
  if (!request.encryption) return posted(net, request, { vp_token: JSON.stringify(vp_token), ...state });
  const { key, enc } = request.encryption;
  const response = await encrypt(key, enc, utf8(JSON.stringify({ vp_token, ...state })));
  return posted(net, request, { response });
}

/** Tells the verifier that nothing is shown (section 8.5). */
export function refuse(net, request, error = 'access_denied') {
  return posted(net, request, { error, ...(request.state !== undefined && { state: request.state }) });
}

async function posted(net, { responseUri }, parameters) {
  const answer = await net.post(responseUri, parameters, { accept: 'application/json' });
  demand(answer.ok, [404, 410].includes(answer.status) ? 'gone' : 'not_taken', `${answer.status} ${errorOf(answer)}`);
  const body = text(answer.body).trim();
  const { redirect_uri: onward } = body ? jsonObject(body) : {};
  if (onward === undefined) return undefined;
  try {
    // Only a web page is opened, and one that is as safe as the verifier itself.
    return address(onward.split('#')[0]) && new URL(onward).href;
  } catch {
    throw new Fault('onward', 'the verifier leads on to no web page');
  }
}
