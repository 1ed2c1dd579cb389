// Credentials that are shown in part (RFC 9901, SD-JWT VC), on the holder's side.

import { decode, encode, has, isObject, json, sha256, utf8 } from './base64url.js';
import { AHEAD_SECONDS, CLAIM_DEPTH, CREDENTIAL_CHARACTERS, DISCLOSURES, URI_CHARACTERS } from './limits.js';
import { demand } from './fault.js';
import { sign, verifyByChain } from './jws.js';
import { touches } from './claims.js';
import { PURPOSES } from './x509.js';

const RESERVED = ['_sd', '...'];
/** What judges the credential itself must not be hidden (SD-JWT VC section 2.2.2.2). */
const NEVER_HIDDEN = ['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status', '_sd_alg'];
/** What of a credential is about itself and not about a person. */
export const PROTOCOL_CLAIMS = ['iss', 'iat', 'nbf', 'exp', 'vct', 'vct#integrity', 'cnf', 'status', '_sd_alg'];

/**
 * Reads what an issuer sent and checks its word: the signature, the certificates, the time, and that it
 * is for the key.
 *
 * @param {string} text
 * @param {{ anchors: Uint8Array[], now: number, publicJwk: object }} expected
 */
export async function receive(text, { anchors, now, publicJwk }) {
  const parts = cut(text);
  const expected = { typ: 'dc+sd-jwt', charactersMax: CREDENTIAL_CHARACTERS, anchors, purpose: PURPOSES.credentials, now };
  const { payload, signer } = await verifyByChain(parts.token, expected);
  const opened = await process(payload, parts.disclosures);
  const { claims } = opened;
  demand(typeof claims.vct === 'string' && claims.vct.length <= URI_CHARACTERS, 'credential', 'the credential has no type');
  demand(claims.exp === undefined || (Number.isFinite(claims.exp) && claims.exp > now), 'credential_expired', 'the credential has expired');
  demand(claims.nbf === undefined || (Number.isFinite(claims.nbf) && claims.nbf <= now + AHEAD_SECONDS), 'credential', 'the credential is not valid yet');
  demand(claims.iss === undefined || mayBeCalled(signer, claims.iss), 'credential', 'the issuer is not who signed');
  const bound = claims.cnf?.jwk;
  demand(isObject(bound) && ['kty', 'crv', 'x', 'y'].every((name) => bound[name] === publicJwk[name]), 'credential', 'the credential is for another key');
  return { ...opened, signer };
}

/** Opens a credential that was checked when it was received. */
export async function open(text) {
  const { token, disclosures } = cut(text);
  return process(json(decode(token.split('.')[1])), disclosures);
}

/** Where a certificate names URIs or hosts, the issuer's name must be one of them or on one of them. */
function mayBeCalled({ dnsNames, uris }, issuer) {
  if (typeof issuer !== 'string' || issuer.length > URI_CHARACTERS) return false;
  if (!dnsNames.length && !uris.length) return true;
  return uris.includes(issuer) || (URL.canParse(issuer) && dnsNames.includes(new URL(issuer).hostname));
}

/** A credential cut at its tildes, without a holder's token. */
function cut(text) {
  demand(typeof text === 'string' && text.length <= CREDENTIAL_CHARACTERS, 'too_long', 'the credential is too long');
  const [token, ...rest] = text.split('~');
  demand(rest.length && rest.pop() === '', 'credential', 'the credential is malformed, or was shown already');
  demand(rest.length <= DISCLOSURES, 'too_long', 'the credential has too many disclosures');
  return { token, disclosures: rest };
}

function readDisclosure(text) {
  const parts = json(decode(text));
  demand(Array.isArray(parts) && typeof parts[0] === 'string', 'credential', 'a disclosure is malformed');
  demand(parts.length === 2 || (parts.length === 3 && typeof parts[1] === 'string' && !RESERVED.includes(parts[1])), 'credential', 'a disclosure is malformed');
  return { text, name: parts.length === 3 ? parts[1] : undefined, value: parts.at(-1) };
}

/** RFC 9901 section 7.1: all claims, and of each disclosure where its claim is. */
async function process(payload, texts) {
  demand(payload._sd_alg === undefined || payload._sd_alg === 'sha-256', 'credential', 'the digests are of an unknown kind');
  const hidden = new Map();
  for (const text of texts) {
    const digest = encode(await sha256(utf8(text)));
    demand(!hidden.has(digest), 'credential', 'a disclosure is there twice');
    hidden.set(digest, readDisclosure(text));
  }
  const found = { places: [], seen: new Set(), hidden };
  const claims = opened(payload, [], found);
  demand(found.places.length === texts.length, 'credential', 'a disclosure belongs to nothing');
  delete claims._sd_alg;
  return { claims, disclosures: found.places };
}

function opened(value, place, found) {
  demand(place.length <= CLAIM_DEPTH, 'credential', 'the claims are nested too deeply');
  if (Array.isArray(value)) {
    const items = [];
    for (const item of value) {
      if (isObject(item) && has(item, '...')) {
        demand(Object.keys(item).length === 1, 'credential', 'a digest in a list has company');
        const disclosure = lookUp(item['...'], found);
        if (!disclosure) continue;
        demand(disclosure.name === undefined, 'credential', 'a list has an item with a name');
        items.push(disclosed(disclosure, [...place, items.length], found));
      } else {
        items.push(opened(item, [...place, items.length], found));
      }
    }
    return items;
  }
  if (!isObject(value)) return value;
  // Without a prototype no name of a claim can be one that every object has.
  const members = Object.create(null);
  for (const [name, member] of Object.entries(value)) {
    if (name === '_sd') continue;
    demand(name !== '...', 'credential', 'a reserved name is used');
    members[name] = opened(member, [...place, name], found);
  }
  const digests = value._sd ?? [];
  demand(Array.isArray(digests), 'credential', 'the digests are no list');
  for (const digest of digests) {
    const disclosure = lookUp(digest, found);
    if (!disclosure) continue;
    demand(disclosure.name !== undefined && !has(members, disclosure.name), 'credential', 'a claim is there twice or has no name');
    demand(place.length > 0 || !NEVER_HIDDEN.includes(disclosure.name), 'credential', 'a claim is hidden that may not be');
    members[disclosure.name] = disclosed(disclosure, [...place, disclosure.name], found);
  }
  return members;
}

function lookUp(digest, { seen, hidden }) {
  demand(typeof digest === 'string' && !seen.has(digest), 'credential', 'a digest is there twice');
  seen.add(digest);
  return hidden.get(digest);
}

function disclosed({ text, value }, place, found) {
  found.places.push({ text, place });
  return opened(value, place, found);
}

/**
 * The credential for a verifier: with the disclosures that the paths need and no others, and the proof
 * that its holder shows it now.
 */
export async function present(text, paths, { audience, nonce, now, privateKey }) {
  const { disclosures } = await open(text);
  const shown = disclosures.filter(({ place }) => paths.some((path) => touches(path, place)));
  const presented = [text.split('~')[0], ...shown.map((disclosure) => disclosure.text), ''].join('~');
  const sd_hash = encode(await sha256(utf8(presented)));
  return presented + (await sign({ typ: 'kb+jwt' }, { iat: now, aud: audience, nonce, sd_hash }, privateKey));
}

/** The claims about a person that are in clear, without what is hidden inside of them: whoever is shown the credential sees them. */
export function alwaysShown({ claims, disclosures }) {
  const isHidden = (place) => disclosures.some((hidden) => hidden.place.length === place.length && place.every((step, nth) => step === hidden.place[nth]));
  const inClear = (value, place) => {
    if (isHidden(place)) return undefined;
    if (!isObject(value) && !Array.isArray(value)) return value;
    const at = (step) => [...place, Array.isArray(value) ? Number(step) : step];
    const parts = Object.entries(value).map(([step, part]) => [step, inClear(part, at(step))]).filter(([, part]) => part !== undefined);
    if (!parts.length) return undefined;
    return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
  };
  const personal = Object.entries(claims).filter(([name]) => !PROTOCOL_CLAIMS.includes(name));
  return inClear(Object.fromEntries(personal), []) ?? {};
}
