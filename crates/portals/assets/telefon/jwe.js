// Encrypted messages (RFC 7516): ECDH-ES on P-256 straight to the content key, AES-GCM.

import { decode, encode, has, isObject, joined, jsonObject, utf8 } from './base64url.js';
import { ENCRYPTED_CHARACTERS } from './limits.js';
import { demand } from './fault.js';
import { publicMembers } from './jws.js';

/** Content encryptions that are spoken, with the bytes of their keys; the preferred one first. */
const ENCRYPTIONS = { A256GCM: 32, A128GCM: 16 };
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The first of our content encryptions that is offered. */
export const chooseEncryption = (offered) => Object.keys(ENCRYPTIONS).find((name) => offered.includes(name));

/** The first key of a JWK set to which we can encrypt: its algorithm is stated there. */
export const chooseKey = (keys) =>
  keys.find((key) => isObject(key) && key.kty === 'EC' && key.crv === 'P-256' && key.alg === 'ECDH-ES' && (key.use ?? 'enc') === 'enc');

/** Encrypts bytes to a public JWK. */
export async function encrypt(jwk, enc, plaintext) {
  const { kty, crv, x, y } = jwk;
  const theirs = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const header = { alg: 'ECDH-ES', enc, ...(has(jwk, 'kid') && { kid: jwk.kid }), epk: await publicMembers(ours.publicKey) };
  const head = encode(utf8(JSON.stringify(header)));
  const key = await contentKey(ours.privateKey, theirs, header, ['encrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(head) }, key, plaintext));
  const [ciphertext, tag] = [sealed.subarray(0, -TAG_BYTES), sealed.subarray(-TAG_BYTES)];
  return [head, '', encode(iv), encode(ciphertext), encode(tag)].join('.');
}

/** A new key to which others can encrypt one message, and its public half as JWK. */
export async function generateKey() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  return { privateKey, publicJwk: { ...(await publicMembers(publicKey)), alg: 'ECDH-ES', use: 'enc' } };
}

/** The bytes that were encrypted to a key of ours. */
export async function decrypt(message, privateKey) {
  demand(typeof message === 'string' && message.length <= ENCRYPTED_CHARACTERS, 'too_long', 'the message is too long');
  const [head, empty, iv, ciphertext, tag, ...more] = message.split('.');
  demand(tag !== undefined && empty === '' && !more.length, 'malformed', 'an encrypted message has five parts');
  const header = jsonObject(decode(head));
  demand(header.alg === 'ECDH-ES' && has(ENCRYPTIONS, header.enc), 'malformed', 'the algorithms are not spoken');
  demand(!has(header, 'zip') && !has(header, 'crit') && isObject(header.epk), 'malformed', 'the header is not understood');
  const { kty, crv, x, y } = header.epk;
  const theirs = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, CURVE, false, []).catch(() => demand(false, 'malformed', 'the key is none'));
  const bytes = [iv, ciphertext, tag].map(decode);
  demand(bytes[0].length === IV_BYTES && bytes[2].length === TAG_BYTES, 'malformed', 'a part has the wrong length');
  const key = await contentKey(privateKey, theirs, header, ['decrypt']);
  const opened = await crypto.subtle
    .decrypt({ name: 'AES-GCM', iv: bytes[0], additionalData: utf8(head) }, key, joined(bytes[1], bytes[2]))
    .catch(() => demand(false, 'malformed', 'the message was changed, or is for another key'));
  return new Uint8Array(opened);
}

/** The content key: one round of the Concat KDF (RFC 7518 section 4.6.2). */
async function contentKey(privateKey, publicKey, header, uses) {
  const agreed = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256));
  const [apu, apv] = [header.apu, header.apv].map((party) => (party === undefined ? new Uint8Array() : decode(party)));
  const fields = [utf8(header.enc), apu, apv].flatMap((field) => [number(field.length), field]);
  const bytes = ENCRYPTIONS[header.enc];
  const round = await crypto.subtle.digest('SHA-256', joined(number(1), agreed, ...fields, number(bytes * 8)));
  return crypto.subtle.importKey('raw', round.slice(0, bytes), 'AES-GCM', false, uses);
}

/** A number in four bytes, the highest first. */
function number(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
