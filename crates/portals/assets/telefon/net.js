// What the wallet sends and reads: within limits, to places that the phone knows, without cookies.

import { ANSWER_BYTES, ANSWER_MILLISECONDS, URI_CHARACTERS } from './limits.js';
import { joined, jsonObject, text } from './base64url.js';
import { Fault, demand } from './fault.js';

/** Whether an address is one that nobody between can read: https, or this machine. */
export function address(value) {
  demand(typeof value === 'string' && value.length <= URI_CHARACTERS && URL.canParse(value), 'address', 'this is no address');
  const url = new URL(value);
  const isHere = url.hostname === 'localhost' || url.hostname.endsWith('.localhost') || url.hostname === '127.0.0.1';
  demand(url.protocol === 'https:' || (url.protocol === 'http:' && isHere), 'address', 'this address is not safe');
  demand(!url.username && !url.password && !url.hash, 'address', 'this address has parts that it may not have');
  return url;
}

/** Speaks to the origins that the phone knows, by `fetch`. */
export class Net {
  /** @param {string[]} origins @param {typeof fetch} [ask] */
  constructor(origins, ask = (...request) => fetch(...request)) {
    this.origins = origins;
    this.ask = ask;
  }

  /** Sends a request and reads the answer, whatever its status. */
  async send(where, { method = 'GET', headers = {}, body } = {}) {
    const url = address(where);
    demand(this.origins.includes(url.origin), 'unknown_place', url.origin);
    const request = { method, headers, body, credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: 'no-store', mode: 'cors' };
    try {
      const answer = await this.ask(url.href, { ...request, signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
      return { status: answer.status, ok: answer.ok, headers: answer.headers, body: await bytes(answer) };
    } catch (fault) {
      throw fault instanceof Fault ? fault : new Fault('unreachable', `${url.origin}: ${fault}`);
    }
  }

  /** What a QR code in a picture says, read by our own server; nothing if it sees none. */
  async readPicture(picture) {
    const answer = await this.ask('/tarca/kep', { method: 'POST', body: picture, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    return answer.status === 200 ? text(await bytes(answer)) : undefined;
  }

  /** Sends a form. */
  post(where, parameters, headers = {}) {
    const form = new URLSearchParams(parameters).toString();
    return this.send(where, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: form });
  }

  /** The JSON object at an address. */
  async json(where, headers = {}) {
    const answer = await this.send(where, { headers: { accept: 'application/json', ...headers } });
    demand(answer.ok, answer.status === 404 || answer.status === 410 ? 'gone' : 'refused', `${where}: ${answer.status}`);
    return jsonObject(answer.body);
  }
}

const bytes = (answer) => whole(answer.body, ANSWER_BYTES);

/** All of a stream, or a fault where that is more than is read. */
export async function whole(stream, bytesMax) {
  const parts = [];
  let length = 0;
  for await (const part of chunks(stream)) {
    length += part.length;
    if (length > bytesMax) {
      await stream.cancel?.().catch(() => {});
      throw new Fault('too_long', 'the answer is too long');
    }
    parts.push(part);
  }
  return joined(...parts);
}

async function* chunks(body) {
  const reader = body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader.read()) yield part.value;
  reader?.releaseLock();
}

/** The member `error` of a refusal, if it has one: a word of a standard, and nothing to show. */
export function errorOf({ body }) {
  try {
    const { error } = jsonObject(text(body));
    return typeof error === 'string' ? error.slice(0, 64) : undefined;
  } catch {
    return undefined;
  }
}
