// What a verifier asks for (DCQL, OpenID4VP 1.0 section 6), and what of the wallet answers it.

import { isObject } from './base64url.js';
import { QUERY_CLAIMS, QUERY_CREDENTIALS, QUERY_SETS, QUERY_VALUES } from './limits.js';
import { demand } from './fault.js';
import { path, select } from './claims.js';

const isId = (id) => typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id);
const isList = (list, max) => Array.isArray(list) && list.length >= 1 && list.length <= max;
const isUnique = (list) => new Set(list).size === list.length;

/** Reads a query; what would change its meaning and is not understood is refused. */
export function read(query) {
  demand(isObject(query) && isList(query.credentials, QUERY_CREDENTIALS), 'query', 'the query names no credentials');
  const credentials = query.credentials.map(credential);
  const ids = credentials.map(({ id }) => id);
  demand(isUnique(ids), 'query', 'two credentials have one id');
  demand(query.credential_sets === undefined || isList(query.credential_sets, QUERY_SETS), 'query', 'the sets are malformed');
  const sets = query.credential_sets?.map((set) => {
    const { options, required = true } = isObject(set) ? set : {};
    demand(isList(options, QUERY_SETS) && typeof required === 'boolean', 'query', 'a set is malformed');
    demand(options.every((option) => isList(option, QUERY_CREDENTIALS) && option.every((id) => ids.includes(id))), 'query', 'a set names what is not there');
    return { options, required };
  });
  return { credentials, sets: sets ?? [{ options: [ids], required: true }] };
}

function credential(asked) {
  demand(isObject(asked) && isId(asked.id), 'query', 'a credential has no id');
  const { id, format, meta, claims, claim_sets, multiple, require_cryptographic_holder_binding: bound } = asked;
  demand((bound ?? true) === true, 'query', 'only credentials that are bound to a holder are shown');
  demand(claims === undefined || isList(claims, QUERY_CLAIMS), 'query', 'the claims are malformed');
  const read = (claims ?? []).map(claim);
  const ids = read.map((claim) => claim.id).filter((id) => id !== undefined);
  demand(isUnique(ids), 'query', 'two claims have one id');
  demand(claim_sets === undefined || (isList(claim_sets, QUERY_SETS) && claims && ids.length === read.length), 'query', 'the claim sets are malformed');
  demand((claim_sets ?? []).every((set) => isList(set, QUERY_CLAIMS) && set.every((id) => ids.includes(id))), 'query', 'a claim set names what is not there');
  const types = format === 'dc+sd-jwt' ? meta?.vct_values : [];
  demand(Array.isArray(types) && types.length <= QUERY_VALUES && types.every((type) => typeof type === 'string'), 'query', 'the types are malformed');
  demand(multiple === undefined || typeof multiple === 'boolean', 'query', '`multiple` is malformed');
  const named = read.map((claim, index) => ({ ...claim, id: claim.id ?? `#${index}` }));
  return { id, types, claims: named, sets: claim_sets ?? [named.map((claim) => claim.id)] };
}

function claim(asked) {
  demand(isObject(asked) && (asked.id === undefined || isId(asked.id)), 'query', 'a claim is malformed');
  const { id, values } = asked;
  const isValue = (value) => ['string', 'boolean'].includes(typeof value) || Number.isSafeInteger(value);
  demand(values === undefined || (isList(values, QUERY_VALUES) && values.every(isValue)), 'query', 'the values of a claim are malformed');
  return { id, path: path(asked.path), values };
}

/** The sets of claims of a credential query that a held credential can answer, the preferred first. */
function answerable(asked, held) {
  if (!asked.types.includes(held.claims.vct)) return [];
  const isThere = (id) => {
    const { path, values } = asked.claims.find((claim) => claim.id === id);
    const found = select(held.claims, path);
    return found.length > 0 && (!values || found.some((value) => values.includes(value)));
  };
  return asked.sets.filter((set) => set.every(isThere));
}

/**
 * What can be shown: one entry for each credential of the query that the wallet can answer and that is
 * part of the first option of a set.
 *
 * An entry is optional if the answer is whole without it. Each of its choices is a held credential with
 * its claims: `isOptional` if a set does without the claim, `isPreferred` if it is in the first set.
 * Nothing if the wallet cannot answer.
 */
export function match(query, held) {
  const entries = new Map();
  for (const asked of query.credentials) {
    const choices = held
      .map((credential) => ({ credential, sets: answerable(asked, credential) }))
      .filter(({ sets }) => sets.length)
      .map(({ credential, sets }) => ({ credential, sets, claims: claimsOf(asked, sets) }));
    if (choices.length) entries.set(asked.id, { id: asked.id, choices });
  }
  const isThere = (option) => option.every((id) => entries.has(id));
  const taken = new Map();
  for (const { options, required } of query.sets) {
    const option = options.find(isThere);
    if (!option && required) return undefined;
    for (const id of option ?? []) taken.set(id, { ...entries.get(id), isOptional: !required && (taken.get(id)?.isOptional ?? true) });
  }
  return taken.size ? [...taken.values()] : undefined;
}

function claimsOf(asked, sets) {
  return asked.claims
    .filter(({ id }) => sets.some((set) => set.includes(id)))
    .map(({ id, path }) => ({ id, path, isOptional: !sets.every((set) => set.includes(id)), isPreferred: sets[0].includes(id) }));
}

/** The claims that are sent when a person agrees to these ids: the first set that they cover. */
export function chosen({ sets, claims }, agreed) {
  const set = sets.find((set) => set.every((id) => agreed.has(id)));
  return set && claims.filter(({ id }) => set.includes(id));
}
