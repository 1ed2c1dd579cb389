// Certificates (RFC 5280): whose key it is, and whether it leads to an anchor that the phone trusts.

import { encode, equal, fromBase64, sha256 } from './base64url.js';
import { BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, read } from './der.js';
import { CERTIFICATE_BYTES, CHAIN_CERTIFICATES } from './limits.js';
import { Fault, demand } from './fault.js';
import { shown } from './shown.js';

const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const ALTERNATIVE_NAME = '2.5.29.17';
const NAME_CONSTRAINTS = '2.5.29.30';
const UNDERSTOOD = [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, ALTERNATIVE_NAME];
const EC_KEY = '1.2.840.10045.2.1';
const CURVES = { '1.2.840.10045.3.1.7': ['P-256', 32], '1.3.132.0.34': ['P-384', 48] };
const SIGNATURES = { '1.2.840.10045.4.3.2': 'SHA-256', '1.2.840.10045.4.3.3': 'SHA-384' };
/** Places of bits (RFC 5280 section 4.2.1.3). */
const DIGITAL_SIGNATURE = 0;
const CERTIFICATE_SIGNATURE = 5;

/** What a certificate's key signs; where a certificate names uses, one of these must be among them. */
export const PURPOSES = {
  /** Credentials: a document signer (ISO/IEC 18013-5 annex B, RFC 9336). */
  credentials: ['1.0.18013.5.1.2', '1.3.6.1.5.5.7.3.36'],
  /** Requests: a reader (ISO/IEC 18013-5 annex B), or a server's or client's certificate. */
  requests: ['1.0.18013.5.1.6', '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
};

/** Reads one certificate, all of it that the wallet judges by. */
export function parse(der) {
  const [tbs, algorithm, signature, ...more] = read(der).as(SEQUENCE).children();
  demand(tbs && algorithm && signature && !more.length, 'certificate', 'a certificate has three parts');
  const fields = tbs.as(SEQUENCE).children();
  // Version 3 alone has extensions: [0] { INTEGER 2 }.
  const [version, , inner, issuer, validity, subject, key, ...rest] = fields;
  demand(version?.tag === 0xa0 && equal(version.content, Uint8Array.of(INTEGER, 1, 2)) && key, 'certificate', 'only version 3 is understood');
  demand(equal(inner.whole, algorithm.whole), 'certificate', 'two algorithms are named');
  const [notBefore, notAfter] = validity.as(SEQUENCE).children().map((time) => time.time());
  const listed = rest.find((field) => field.tag === 0xa3);
  return {
    der,
    signed: tbs.whole,
    algorithm: algorithm.as(SEQUENCE).children()[0].oid(),
    signature: signature.bits(),
    issuer: issuer.as(SEQUENCE).whole,
    subject: subject.as(SEQUENCE).whole,
    commonName: commonName(subject),
    notBefore,
    notAfter,
    key: publicKey(key),
    ...extensions(listed),
  };
}

function publicKey(info) {
  const [algorithm] = info.as(SEQUENCE).children();
  const [kind, curve] = algorithm.as(SEQUENCE).children();
  const named = kind?.oid() === EC_KEY && curve?.tag === OBJECT_IDENTIFIER ? CURVES[curve.oid()] : undefined;
  return { spki: info.whole, curve: named?.[0], bytes: named?.[1] };
}

function commonName(subject) {
  for (const set of subject.children()) {
    for (const pair of set.as(SET).children()) {
      const [type, value] = pair.as(SEQUENCE).children();
      // UTF8String and PrintableString.
      if (type.oid() === COMMON_NAME && (value?.tag === 0x0c || value?.tag === 0x13)) return shown(new TextDecoder().decode(value.content));
    }
  }
  return undefined;
}

function extensions(listed) {
  const found = { isAuthority: false, pathLength: Infinity, usage: undefined, uses: undefined, dnsNames: [], uris: [] };
  const seen = new Set();
  for (const extension of listed?.children()[0].as(SEQUENCE).children() ?? []) {
    const [type, ...rest] = extension.as(SEQUENCE).children();
    const oid = type.oid();
    const isCritical = rest[0]?.tag === BOOLEAN && rest.shift().boolean();
    demand(rest.length === 1 && !seen.has(oid), 'certificate', `the extension ${oid} is malformed`);
    seen.add(oid);
    demand(oid !== NAME_CONSTRAINTS && (!isCritical || UNDERSTOOD.includes(oid)), 'certificate', `the extension ${oid} is not understood`);
    if (UNDERSTOOD.includes(oid)) extend(found, oid, read(rest[0].as(OCTET_STRING).content));
  }
  return found;
}

function extend(found, oid, value) {
  if (oid === KEY_USAGE) found.usage = value.flags();
  if (oid === EXTENDED_KEY_USAGE) found.uses = value.as(SEQUENCE).children().map((use) => use.oid());
  if (oid === BASIC_CONSTRAINTS) {
    const parts = value.as(SEQUENCE).children();
    found.isAuthority = parts[0]?.tag === BOOLEAN && parts.shift().boolean();
    if (parts[0]) {
      const length = parts[0].unsigned();
      demand(length.length <= 1, 'certificate', 'a path length is out of range');
      found.pathLength = length[0] ?? 0;
    }
  }
  if (oid === ALTERNATIVE_NAME) {
    for (const name of value.as(SEQUENCE).children()) {
      const words = () => String.fromCharCode(...name.content);
      if (name.tag === 0x82) found.dnsNames.push(words().toLowerCase());
      if (name.tag === 0x86) found.uris.push(words());
    }
  }
}

/** The `x5c` of a token's header as certificates, within limits. */
export function fromHeader(x5c) {
  demand(Array.isArray(x5c) && x5c.length >= 1 && x5c.length <= CHAIN_CERTIFICATES, 'certificate', 'the chain is missing or too long');
  return x5c.map((text) => {
    demand(typeof text === 'string' && text.length <= CERTIFICATE_BYTES * 2, 'certificate', 'a certificate is too long');
    return fromBase64(text);
  });
}

/**
 * Who signed, if `chain` (the signer's own certificate first, each signed by the next, the anchor left
 * out) leads to one of the `anchors` at `now`.
 *
 * @param {Uint8Array[]} chain @param {Uint8Array[]} anchors
 * @param {{ purpose: string[], now: number }} expected
 */
export async function check(chain, anchors, { purpose, now }) {
  demand(!chain.some((der) => anchors.some((anchor) => equal(der, anchor))), 'certificate', 'the anchor is in the chain');
  const path = chain.map(parse);
  const [own, ...authorities] = path;
  demand(!own.isAuthority, 'certificate', 'an authority signs for itself');
  demand(!own.usage || own.usage[DIGITAL_SIGNATURE], 'certificate', 'the key is not for signatures');
  demand(!own.uses || own.uses.some((use) => purpose.includes(use)), 'certificate', 'the key is for something else');
  demand(own.key.curve === 'P-256', 'certificate', 'the key is not on P-256');
  const anchor = await anchorOf(path.at(-1), anchors);
  const all = [...path, anchor];
  demand(all.every(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter), 'certificate_time', 'a certificate is not valid now');
  for (const [index, authority] of [...authorities, anchor].entries()) {
    demand(authority.isAuthority && (!authority.usage || authority.usage[CERTIFICATE_SIGNATURE]), 'certificate', 'somebody certifies who may not');
    demand(index <= authority.pathLength, 'certificate', 'the chain is longer than an authority allows');
  }
  for (const [index, authority] of authorities.entries()) {
    demand(await isSignedBy(path[index], authority), 'certificate', 'a certificate is not signed by the next');
  }
  return {
    key: await crypto.subtle.importKey('spki', own.key.spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']),
    fingerprint: encode(await sha256(own.der)),
    commonName: own.commonName,
    authorityName: anchor.commonName,
    dnsNames: own.dnsNames,
    uris: own.uris,
  };
}

async function anchorOf(last, anchors) {
  for (const der of anchors) {
    const anchor = parse(der);
    if (await isSignedBy(last, anchor)) return anchor;
  }
  throw new Fault('unknown_anchor', 'the chain leads to nobody whom the phone trusts');
}

/** Whether the one certificate names the other as its issuer and bears its signature. */
async function isSignedBy(certificate, authority) {
  const hash = SIGNATURES[certificate.algorithm];
  const { curve, bytes, spki } = authority.key;
  if (!hash || !curve || !equal(certificate.issuer, authority.subject)) return false;
  const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: curve }, false, ['verify']);
  return crypto.subtle.verify({ name: 'ECDSA', hash }, key, plainSignature(certificate.signature, bytes), certificate.signed);
}

/** The two numbers of an ECDSA signature one after the other, as WebCrypto wants them. */
function plainSignature(der, bytes) {
  const numbers = read(der).as(SEQUENCE).children().map((number) => number.unsigned());
  demand(numbers.length === 2 && numbers.every((number) => number.length <= bytes), 'certificate', 'a signature is malformed');
  const plain = new Uint8Array(2 * bytes);
  numbers.forEach((number, index) => plain.set(number, (index + 1) * bytes - number.length));
  return plain;
}
