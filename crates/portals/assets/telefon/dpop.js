// Access tokens that only their owner can use (DPoP, RFC 9449).

import { encode, has, random, sha256, utf8 } from './base64url.js';
import { generateKey, sign } from './jws.js';
import { errorOf } from './net.js';

const ID_BYTES = 16;

/** A key for the time of one reception, and the nonces that servers gave for it. */
export class Dpop {
  #nonces = new Map();

  static async create() {
    const dpop = new Dpop();
    dpop.key = await generateKey();
    return dpop;
  }

  /**
   * Sends a request with a proof; once more if the server wants its nonce in it (section 8).
   *
   * @param {(headers: Record<string, string>) => Promise<{ status: number, headers: Headers }>} send
   */
  async send(where, method, token, send) {
    for (let isSecond = false; ; isSecond = true) {
      const answer = await send({ dpop: await this.#proof(where, method, token), ...(token && { authorization: `DPoP ${token}` }) });
      const nonce = answer.headers.get('dpop-nonce');
      const { origin } = new URL(where);
      const isNew = nonce && nonce !== this.#nonces.get(origin);
      if (nonce) this.#nonces.set(origin, nonce);
      const isWanted = errorOf(answer) === 'use_dpop_nonce' || /use_dpop_nonce/.test(answer.headers.get('www-authenticate') ?? '');
      if (isSecond || !isNew || !isWanted || ![400, 401].includes(answer.status)) return answer;
    }
  }

  async #proof(where, method, token) {
    const url = new URL(where);
    const nonce = this.#nonces.get(url.origin);
    const claims = {
      jti: random(ID_BYTES),
      htm: method,
      htu: `${url.origin}${url.pathname}`,
      iat: Math.floor(Date.now() / 1000),
      ...(nonce && { nonce }),
      ...(token && { ath: encode(await sha256(utf8(token))) }),
    };
    return sign({ typ: 'dpop+jwt', jwk: this.key.publicJwk }, claims, this.key.privateKey);
  }
}

/** Whether an authorization server takes proofs that we can make. */
export const isAskedBy = (metadata) => has(metadata, 'dpop_signing_alg_values_supported') && [metadata.dpop_signing_alg_values_supported].flat().includes('ES256');
