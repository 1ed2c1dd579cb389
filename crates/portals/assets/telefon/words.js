// The words of the page, from the catalogue by way of the page itself, and values as people write them.

import { isObject } from './base64url.js';

/** The order in which people look for claims: who, born when and where, how to reach, and then the document. */
const ORDER = [
  'family_name',
  'given_name',
  'birth_family_name',
  'birth_given_name',
  'birthdate',
  'place_of_birth',
  'sex',
  'nationalities',
  'personal_administrative_number',
  'address',
  'email',
  'phone_number',
  'age_equal_or_over',
];

/** Claims whose values are countries by their codes (ISO 3166-1). */
const COUNTRIES = ['nationalities', 'country', 'issuing_country'];

/** Names of claims in that order; others stay as they were, after these. */
export const ordered = (names) => [...ORDER.filter((name) => names.includes(name)), ...names.filter((name) => !ORDER.includes(name))];

/** The texts in the page's language. */
export class Words {
  constructor(lang, texts) {
    this.lang = lang;
    this.texts = texts;
  }

  /** The text of a key, its places filled. */
  say(key, places = {}) {
    if (!Object.hasOwn(this.texts, key)) throw new Error(`no text ${key}`);
    return this.texts[key].replaceAll(/\{(\w+)\}/g, (_, name) => String(places[name]));
  }

  /** Of names in languages the one in ours, else the first. */
  of(names) {
    if (!names) return undefined;
    const ours = Object.keys(names).find((locale) => locale.split('-')[0].toLowerCase() === this.lang);
    return names[ours ?? ''] ?? Object.values(names)[0];
  }

  /** What a claim is called: by its issuer, by us, or by itself. */
  claim(path, display) {
    const isSame = (other) => other.length === path.length && other.every((step, index) => step === path[index]);
    const given = this.of(display?.claims.find((claim) => isSame(claim.path))?.name);
    if (given) return given;
    const names = path.filter((step) => typeof step === 'string');
    return this.texts[`wallet_claim_${names.join('_')}`] ?? path.filter((step) => step !== null).join(' / ');
  }

  /** A value in one line, of a claim whose innermost name is `name`. */
  value(value, name) {
    if (value === true) return this.say('wallet_yes');
    if (value === false) return this.say('wallet_no');
    if (Array.isArray(value)) return value.map((item) => this.value(item, name)).join(', ');
    if (isObject(value) && Object.values(value).every((truth) => typeof truth === 'boolean')) {
      return Object.entries(value).map(([name, truth]) => `${name}: ${this.value(truth)}`).join(', ');
    }
    if (isObject(value)) return Object.entries(value).map(([inner, item]) => this.value(item, inner)).join(', ');
    if (COUNTRIES.includes(name) && /^[A-Z]{2}$/.test(value)) return new Intl.DisplayNames(this.#locale, { type: 'region' }).of(value);
    if (typeof value === 'string' && value.startsWith('data:')) return this.say('wallet_picture');
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return this.#date(value);
    return String(value ?? '');
  }

  #date(day) {
    const date = new Date(`${day}T12:00:00Z`);
    return Number.isNaN(date.getTime()) ? day : new Intl.DateTimeFormat(this.#locale, { dateStyle: 'long', timeZone: 'UTC' }).format(date);
  }

  /** An instant, in seconds since the epoch, as Budapest's clocks show it. */
  instant(seconds) {
    return new Intl.DateTimeFormat(this.#locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Budapest' }).format(new Date(seconds * 1000));
  }

  get #locale() {
    return this.lang === 'hu' ? 'hu-HU' : 'en-GB';
  }
}

/** Which text tells a fault; several faults mean the same to a person. */
const FAULTS = {
  malformed: 'wallet_fault_broken',
  request: 'wallet_fault_broken',
  query: 'wallet_fault_broken',
  offer: 'wallet_fault_broken',
  issuer: 'wallet_fault_broken',
  certificate: 'wallet_fault_broken',
  certificate_time: 'wallet_fault_broken',
  signature: 'wallet_fault_broken',
  too_long: 'wallet_fault_broken',
  unknown_anchor: 'wallet_fault_stranger',
  verifier: 'wallet_fault_stranger',
  unknown_place: 'wallet_fault_place',
  address: 'wallet_fault_place',
  gone: 'wallet_fault_gone',
  expired: 'wallet_fault_gone',
  refused: 'wallet_fault_refused',
  not_taken: 'wallet_fault_refused',
  onward: 'wallet_fault_onward',
  unreachable: 'wallet_fault_unreachable',
  link: 'wallet_fault_link',
  link_empty: 'wallet_fault_link_empty',
  kind: 'wallet_fault_kind',
  offer_way: 'wallet_fault_kind',
  later: 'wallet_fault_kind',
  credential: 'wallet_fault_credential',
  credential_expired: 'wallet_fault_credential',
  second_code: 'wallet_fault_second_code',
  full: 'wallet_fault_full',
  nothing_fits: 'wallet_fault_nothing_fits',
  camera: 'wallet_fault_camera',
  pin_weak: 'wallet_fault_pin_weak',
  pin_wrong: 'wallet_fault_pin_wrong',
  pin_wait: 'wallet_fault_pin_wait',
  pin_emptied: 'wallet_fault_pin_emptied',
};

/** The key of the text for a fault; ours are told as such. */
export const faultText = (fault) => (Object.hasOwn(FAULTS, fault?.code ?? '') ? FAULTS[fault.code] : 'wallet_fault_ours');
