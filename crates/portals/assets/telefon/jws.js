// Signed tokens (RFC 7515) with one algorithm: ES256.

import { decode, encode, has, jsonObject, utf8 } from './base64url.js';
import { check, fromHeader } from './x509.js';
import { demand } from './fault.js';

const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/** A token cut at its dots; nothing of it is checked yet. */
export function parse(token, charactersMax) {
  demand(typeof token === 'string' && token.length <= charactersMax, 'too_long', 'the token is too long');
  const parts = token.split('.');
  demand(parts.length === 3, 'malformed', 'a signed token has three parts');
  const header = jsonObject(decode(parts[0]));
  return { header, payload: () => jsonObject(decode(parts[1])), signed: utf8(`${parts[0]}.${parts[1]}`), signature: decode(parts[2]) };
}

/** The payload of a token of the `typ` that the key signed. */
export async function verify(token, key, { typ, charactersMax }) {
  const parsed = parse(token, charactersMax);
  form(parsed.header, typ);
  return verified(parsed, key);
}

/**
 * The payload of a token that brings its signer's certificates along, and who signed it.
 *
 * @param {string} token
 * @param {{ typ: string, charactersMax: number, anchors: Uint8Array[], purpose: string[], now: number }} expected
 */
export async function verifyByChain(token, { typ, charactersMax, anchors, purpose, now }) {
  const parsed = parse(token, charactersMax);
  form(parsed.header, typ);
  const signer = await check(fromHeader(parsed.header.x5c), anchors, { purpose, now });
  return { payload: await verified(parsed, signer.key), signer };
}

function form(header, typ) {
  demand(header.alg === 'ES256', 'signature', 'the algorithm is not ES256');
  demand(header.typ === typ, 'signature', `the token is no ${typ}`);
  // RFC 7515 section 4.1.11: what is critical and not understood is refused, and we understand nothing such.
  demand(!has(header, 'crit'), 'signature', 'the token has critical members');
}

async function verified({ payload, signed, signature }, key) {
  demand(signature.length === 64 && (await crypto.subtle.verify(ES256, key, signature, signed)), 'signature', 'the signature is wrong');
  return payload();
}

/** A token of these members, signed. */
export async function sign(header, payload, privateKey) {
  const signed = [{ alg: 'ES256', ...header }, payload].map((part) => encode(utf8(JSON.stringify(part)))).join('.');
  return `${signed}.${encode(await crypto.subtle.sign(ES256, privateKey, utf8(signed)))}`;
}

/** A new key that signs and that nobody can read out, and its public half as JWK. */
export async function generateKey() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  return { privateKey, publicJwk: await publicMembers(publicKey) };
}

/** The four members that make a public key on P-256. */
export async function publicMembers(key) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key);
  return { kty, crv, x, y };
}
