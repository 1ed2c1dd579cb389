// Where a claim is (OpenID4VP 1.0 section 7): paths of names, positions and `null` for every item.

import { has, isObject } from './base64url.js';
import { PATH_STEPS } from './limits.js';
import { demand } from './fault.js';

const isStep = (step) => step === null || typeof step === 'string' || (Number.isSafeInteger(step) && step >= 0);

/** A path, if it is one. */
export function path(value) {
  demand(Array.isArray(value) && value.length >= 1 && value.length <= PATH_STEPS && value.every(isStep), 'query', 'a path is malformed');
  return value;
}

/** The values that a path leads to; none where it leads nowhere. */
export function select(claims, steps) {
  let selected = [claims];
  for (const step of steps) {
    if (step === null) {
      if (!selected.every(Array.isArray)) return [];
      selected = selected.flat(1);
    } else if (typeof step === 'string') {
      if (!selected.every(isObject)) return [];
      selected = selected.filter((value) => has(value, step)).map((value) => value[step]);
    } else {
      if (!selected.every(Array.isArray)) return [];
      selected = selected.filter((value) => step < value.length).map((value) => value[step]);
    }
  }
  return selected;
}

/** Whether one of the two places is inside of the other, or the same. */
export function touches(asked, place) {
  const steps = Math.min(asked.length, place.length);
  return asked.slice(0, steps).every((step, index) => step === place[index] || (step === null && typeof place[index] === 'number'));
}
