// What goes wrong in the wallet.

/**
 * A fault with a name for which the page has words. What else is known of it is for developers alone
 * and is never shown: it may be somebody else's text.
 */
export class Fault extends Error {
  /** @param {string} code @param {string} [detail] */
  constructor(code, detail = code) {
    super(detail);
    this.name = 'Fault';
    this.code = code;
  }
}

/** Throws a fault unless `holds`. */
export function demand(holds, code, detail) {
  if (!holds) throw new Fault(code, detail);
}
