// Whether a credential is still good: the issuer's status lists (Token Status List), on the holder's side.

import { decode, isObject, text } from './base64url.js';
import { AHEAD_SECONDS, ANSWER_BYTES, STATUS_BYTES, URI_CHARACTERS } from './limits.js';
import { Fault, demand } from './fault.js';
import { PURPOSES } from './x509.js';
import { verifyByChain } from './jws.js';
import { whole } from './net.js';

/** What a status says (section 7.1); all others are the issuer's own. */
const NAMES = ['valid', 'revoked', 'suspended'];

/** Reads status lists; each is kept for as long as its issuer says. */
export class StatusLists {
  #kept = new Map();

  /** @param {import('./net.js').Net} net @param {Uint8Array[]} anchors @param {() => number} now in seconds */
  constructor(net, anchors, now) {
    Object.assign(this, { net, anchors, now });
  }

  /** What the list says of a credential with these claims: `valid`, `revoked`, `suspended`; nothing if it has no list. */
  async of({ status }) {
    const place = status?.status_list;
    if (place === undefined) return undefined;
    demand(isObject(place) && typeof place.uri === 'string' && place.uri.length <= URI_CHARACTERS, 'credential', 'the status has no list');
    demand(Number.isSafeInteger(place.idx) && place.idx >= 0, 'credential', 'the status has no place in its list');
    const { bits, bytes } = await this.#list(place.uri);
    const bit = place.idx * bits;
    const index = Math.floor(bit / 8);
    demand(index < bytes.length, 'credential', 'the list has no such place');
    return NAMES[(bytes[index] >> (bit % 8)) & ((1 << bits) - 1)] ?? 'suspended';
  }

  async #list(uri) {
    const kept = this.#kept.get(uri);
    if (kept && this.now() < kept.until) return kept;
    const answer = await this.net.send(uri, { headers: { accept: 'application/statuslist+jwt' } });
    demand(answer.ok, 'refused', `the status list: ${answer.status}`);
    const expected = { typ: 'statuslist+jwt', charactersMax: ANSWER_BYTES, anchors: this.anchors, purpose: PURPOSES.credentials, now: this.now() };
    const { payload } = await verifyByChain(text(answer.body).trim(), expected);
    const list = await read(payload, uri, this.now());
    this.#kept.set(uri, list);
    return list;
  }
}

/** Section 5.1 and 8.3. */
async function read({ sub, iat, exp, ttl, status_list: list }, uri, now) {
  demand(sub === uri, 'credential', 'this is another status list');
  demand(Number.isFinite(iat) && iat <= now + AHEAD_SECONDS, 'credential', 'the status list is of the future');
  demand(exp === undefined || (Number.isFinite(exp) && exp > now), 'credential', 'the status list has run out');
  demand(ttl === undefined || (Number.isFinite(ttl) && ttl > 0), 'credential', 'the status list has no time to live');
  demand(isObject(list) && [1, 2, 4, 8].includes(list.bits), 'credential', 'the status list has no bits');
  const until = Math.min(ttl === undefined ? now : now + ttl, exp ?? Infinity);
  return { bits: list.bits, bytes: await inflated(decode(list.lst)), until };
}

/** Section 4.1: ZLIB (RFC 1950), which the platform calls deflate. */
async function inflated(bytes) {
  try {
    return await whole(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')), STATUS_BYTES);
  } catch (fault) {
    throw fault instanceof Fault ? fault : new Fault('credential', `the status list: ${fault}`);
  }
}
