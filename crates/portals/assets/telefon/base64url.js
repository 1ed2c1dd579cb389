// Bytes as text: base64url without padding (RFC 7515 section 2), base64 with it, and UTF-8.

import { Fault } from './fault.js';

/** @param {Uint8Array | ArrayBuffer} bytes */
export function encode(bytes) {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes of canonical base64url; everything else is refused. */
export function decode(text) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text)) throw new Fault('malformed', 'this is no base64url');
  const bytes = binary(text.replaceAll('-', '+').replaceAll('_', '/'));
  // Bits that no byte needs would give one value many spellings.
  if (encode(bytes) !== text) throw new Fault('malformed', 'this base64url is not canonical');
  return bytes;
}

/** The bytes of base64 with padding, as certificates have it (RFC 7515 section 4.1.6). */
export function fromBase64(text) {
  if (typeof text !== 'string' || text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Fault('malformed', 'this is no base64');
  return binary(text);
}

/** @param {Uint8Array | ArrayBuffer} bytes */
export function toBase64(bytes) {
  let characters = '';
  for (const byte of new Uint8Array(bytes)) characters += String.fromCharCode(byte);
  return btoa(characters);
}

function binary(base64) {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw new Fault('malformed', 'this is no base64');
  }
}

/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

/** The text of bytes that are UTF-8; others are refused. */
export function text(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('malformed', 'this is no UTF-8');
  }
}

/** The JSON value in bytes or a text. */
export function json(bytes) {
  const read = typeof bytes === 'string' ? bytes : text(bytes);
  try {
    return JSON.parse(read);
  } catch {
    throw new Fault('malformed', 'this is no JSON');
  }
}

/** The JSON object in bytes or a text. */
export function jsonObject(bytes) {
  const value = json(bytes);
  if (!isObject(value)) throw new Fault('malformed', 'this is no JSON object');
  return value;
}

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether an object has a member of its own: `in` would also find what every object inherits. */
export const has = (object, name) => Object.hasOwn(object, name);

/** So many random bytes, as base64url. */
export const random = (bytes) => encode(crypto.getRandomValues(new Uint8Array(bytes)));

/** @param {Uint8Array} a @param {Uint8Array} b */
export const equal = (a, b) => a.length === b.length && a.every((byte, index) => byte === b[index]);

/** One after the other. */
export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The SHA-256 of bytes. */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
