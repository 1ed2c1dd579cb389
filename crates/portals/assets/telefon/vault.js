// What rests on the phone. Credentials and history are sealed with a key that only the PIN gives; the keys
// that sign can be used by this page and read out by nobody.

import { HISTORY_ENTRIES, CREDENTIALS, PIN_DIGITS, PIN_ITERATIONS, PIN_TRIES, PIN_TRIES_FREE, PIN_WAIT_SECONDS } from './limits.js';
import { Fault, demand } from './fault.js';
import { json, random, utf8 } from './base64url.js';

const SALT_BYTES = 16;
const IV_BYTES = 12;
const ID_BYTES = 16;
/** What is sealed to know a right PIN by. */
const PROOF = 'kapu-tarca-1';

/** Whether digits are a PIN that is not the first to be guessed: no row of equal or following digits. */
export function isPin(pin) {
  if (!new RegExp(`^\\d{${PIN_DIGITS}}$`).test(pin)) return false;
  const steps = [...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index]));
  return ![-1, 0, 1].some((step) => steps.every((each) => each === step));
}

/**
 * The wallet's storage.
 *
 * @param {{ get, put, update, delete, all, clear }} store what keeps values by table and id (`database.js`)
 */
export class Vault {
  #key;

  constructor(store, now = () => Math.floor(Date.now() / 1000)) {
    this.store = store;
    this.now = now;
  }

  get isOpen() {
    return this.#key !== undefined;
  }

  /** Whether a PIN was set. */
  async isSet() {
    return (await this.store.get('lock', 'lock')) !== undefined;
  }

  /** Sets the first PIN. */
  async create(pin) {
    demand(isPin(pin), 'pin_weak');
    demand(!(await this.isSet()), 'pin_set');
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    const key = await derive(pin, salt, PIN_ITERATIONS);
    const proof = await seal(key, 'proof', PROOF);
    await this.store.put('lock', 'lock', { salt, iterations: PIN_ITERATIONS, proof, wrong: 0, waitUntil: 0 });
    this.#key = key;
  }

  /** Opens with the PIN. A try is written down before it is judged, so that none is free. */
  async open(pin) {
    const lock = await this.store.update('lock', 'lock', (lock) => {
      demand(lock, 'pin_unset');
      demand(lock.waitUntil <= this.now(), 'pin_wait');
      const wrong = lock.wrong + 1;
      return { ...lock, wrong, waitUntil: wrong >= PIN_TRIES_FREE ? this.now() + PIN_WAIT_SECONDS : 0 };
    });
    const { wrong, waitUntil } = lock;
    const key = await derive(pin, lock.salt, lock.iterations);
    try {
      demand((await unseal(key, 'proof', lock.proof)) === PROOF, 'pin_wrong');
    } catch {
      if (wrong >= PIN_TRIES) {
        await this.store.clear();
        throw new Fault('pin_emptied');
      }
      throw new Fault(waitUntil ? 'pin_wait' : 'pin_wrong');
    }
    await this.store.put('lock', 'lock', { ...lock, wrong: 0, waitUntil: 0 });
    this.#key = key;
  }

  /** Forgets the key. */
  close() {
    this.#key = undefined;
  }

  /** Deletes everything on the phone, the PIN too. */
  async empty() {
    this.close();
    await this.store.clear();
  }

  /** All credentials, the latest first. */
  async credentials() {
    const all = await this.#all('credential');
    return all.sort((a, b) => b.receivedAt - a.receivedAt);
  }

  /** Keeps a credential with the key that it is bound to. */
  async keep(credential, privateKey) {
    demand((await this.store.all('credential')).length < CREDENTIALS, 'full');
    const id = random(ID_BYTES);
    await this.store.put('key', id, privateKey);
    await this.#put('credential', id, { ...credential, receivedAt: this.now() });
    return id;
  }

  /** The key that signs for a credential. */
  privateKey(id) {
    demand(this.isOpen, 'locked');
    return this.store.get('key', id);
  }

  /** Deletes a credential and its key. */
  async delete(id) {
    demand(this.isOpen, 'locked');
    await this.store.delete('credential', id);
    await this.store.delete('key', id);
  }

  /** What happened, the latest first. */
  async history() {
    const all = await this.#all('history');
    return all.sort((a, b) => b.order - a.order);
  }

  /** Writes down what happened. */
  async note(entry) {
    const entries = await this.history();
    await this.#put('history', random(ID_BYTES), { ...entry, at: this.now(), order: (entries[0]?.order ?? 0) + 1 });
    for (const old of entries.slice(HISTORY_ENTRIES - 1)) await this.store.delete('history', old.id);
  }

  /** Deletes what happened. */
  async forget() {
    demand(this.isOpen, 'locked');
    for (const [id] of await this.store.all('history')) await this.store.delete('history', id);
  }

  async #put(table, id, value) {
    demand(this.isOpen, 'locked');
    await this.store.put(table, id, await seal(this.#key, `${table}/${id}`, value));
  }

  async #all(table) {
    demand(this.isOpen, 'locked');
    const rows = await this.store.all(table);
    return Promise.all(rows.map(async ([id, sealed]) => ({ ...(await unseal(this.#key, `${table}/${id}`, sealed)), id })));
  }
}

async function derive(pin, salt, iterations) {
  const material = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return crypto.subtle.deriveKey(how, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** Seals a value to its place, so that none can be put into another's. */
async function seal(key, place, value) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(place) }, key, utf8(JSON.stringify(value)));
  return { iv, bytes: new Uint8Array(bytes) };
}

async function unseal(key, place, { iv, bytes }) {
  const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(place) }, key, bytes);
  return json(new Uint8Array(opened));
}
