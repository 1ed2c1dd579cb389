// Words of others, made fit to be shown.

import { SHOWN_CHARACTERS } from './limits.js';

/** A text of somebody else without what would move, hide or flood the words around it. */
export const shown = (text) => text.slice(0, 2 * SHOWN_CHARACTERS).normalize('NFC').replaceAll(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ').slice(0, SHOWN_CHARACTERS).trim();
