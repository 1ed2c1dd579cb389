// The little of DER (ITU-T X.690) that certificates need. What it does not understand it refuses.

import { CERTIFICATE_BYTES, DER_DEPTH } from './limits.js';
import { demand } from './fault.js';

export const SEQUENCE = 0x30;
export const SET = 0x31;
export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OBJECT_IDENTIFIER = 0x06;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;

const malformed = (holds) => demand(holds, 'certificate', 'a certificate is malformed');

/** One element: its tag, its content and its whole. */
class Element {
  constructor(tag, content, whole, depth) {
    this.tag = tag;
    this.content = content;
    this.whole = whole;
    this.depth = depth;
  }

  /** This element, if it is of the kind. */
  as(tag) {
    malformed(this.tag === tag);
    return this;
  }

  /** The elements in it. */
  children() {
    malformed(this.tag & 0x20 && this.depth < DER_DEPTH);
    const found = [];
    for (let at = 0; at < this.content.length; ) {
      const child = element(this.content.subarray(at), this.depth + 1);
      found.push(child);
      at += child.whole.length;
    }
    return found;
  }

  /** An object identifier in dots. */
  oid() {
    const bytes = this.as(OBJECT_IDENTIFIER).content;
    malformed(bytes.length > 0 && bytes.length <= 64 && bytes.at(-1) < 0x80);
    const arcs = [];
    let arc = 0;
    let isFirst = true;
    for (const byte of bytes) {
      malformed(!(isFirst && byte === 0x80) && arc < 2 ** 45);
      arc = arc * 128 + (byte & 0x7f);
      isFirst = byte < 0x80;
      if (isFirst) {
        arcs.push(arc);
        arc = 0;
      }
    }
    const top = Math.min(Math.floor(arcs[0] / 40), 2);
    return [top, arcs[0] - top * 40, ...arcs.slice(1)].join('.');
  }

  boolean() {
    const [value] = this.as(BOOLEAN).content;
    malformed(this.content.length === 1 && (value === 0 || value === 0xff));
    return value === 0xff;
  }

  /** The bytes of a bit string of whole bytes. */
  bits() {
    malformed(this.as(BIT_STRING).content[0] === 0);
    return this.content.subarray(1);
  }

  /** A bit string as a list of truths. */
  flags() {
    const [unused, ...bytes] = this.as(BIT_STRING).content;
    malformed(unused <= 7 && (bytes.length || unused === 0));
    return bytes.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => Boolean(byte & (0x80 >> bit)))).slice(0, bytes.length * 8 - unused);
  }

  /** A positive number without its leading zeros. */
  unsigned() {
    const bytes = this.as(INTEGER).content;
    malformed(bytes.length > 0 && bytes[0] < 0x80);
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  }

  /** Seconds since the epoch. */
  time() {
    const words = String.fromCharCode(...this.content.subarray(0, 32));
    const form = { [UTC_TIME]: /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, [GENERALIZED_TIME]: /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ }[this.tag];
    malformed(form?.test(words));
    const [year, month, ...rest] = form.exec(words).slice(1).map(Number);
    // RFC 5280 section 4.1.2.5.1: two digits mean the years 1950 to 2049.
    const full = this.tag === UTC_TIME ? year + (year < 50 ? 2000 : 1900) : year;
    return Date.UTC(full, month - 1, ...rest) / 1000;
  }
}

function element(bytes, depth) {
  malformed(bytes.length >= 2 && (bytes[0] & 0x1f) !== 0x1f);
  let [, length] = bytes;
  let at = 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    malformed(count >= 1 && count <= 3 && bytes.length >= 2 + count);
    length = bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
    // The shortest form only.
    malformed(length >= 0x80 && (count === 1 || length >= 256 ** (count - 1)));
    at += count;
  }
  malformed(bytes.length >= at + length);
  return new Element(bytes[0], bytes.subarray(at, at + length), bytes.subarray(0, at + length), depth);
}

/** The one element that these bytes are. */
export function read(bytes) {
  malformed(bytes.length <= CERTIFICATE_BYTES);
  const found = element(bytes, 0);
  malformed(found.whole.length === bytes.length);
  return found;
}
