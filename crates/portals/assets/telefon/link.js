// What a person scans, pastes or types: an offer of a credential, a request to show one, or a short code.

import { LINK_CHARACTERS } from './limits.js';
import { Fault, demand } from './fault.js';
import { jsonObject } from './base64url.js';
import { address } from './net.js';

const OFFERS = ['openid-credential-offer:', 'haip-vci:'];
const REQUESTS = ['openid4vp:', 'haip-vp:', 'eudi-openid4vp:'];
/** Letters and digits, in groups or not: `H4-92-KX`. */
const SHORT_CODE = /^[a-z0-9](?:[ -]?[a-z0-9]){5,11}$/i;

/**
 * Reads a link or a short code.
 *
 * Either `{ offer }`, `{ offerUri }`, `{ requestUri, clientId, method }` or `{ code }`.
 */
export function readLink(given) {
  const text = String(given).trim();
  demand(text !== '', 'link_empty');
  demand(text.length <= LINK_CHARACTERS, 'too_long', 'the link is too long');
  if (SHORT_CODE.test(text)) return { code: text.replaceAll(/[ -]/g, '').toUpperCase() };
  demand(URL.canParse(text), 'link', 'this is no link');
  const url = new URL(text);
  const isWeb = ['https:', 'http:'].includes(url.protocol);
  demand(isWeb || OFFERS.includes(url.protocol) || REQUESTS.includes(url.protocol), 'link', 'the scheme is not ours');
  if (isWeb) address(`${url.origin}${url.pathname}`);
  const found = readParameters(url.searchParams);
  demand(found, 'link', 'the link leads to no credential and no request');
  const isOffer = !found.requestUri;
  demand(isWeb || (isOffer ? OFFERS : REQUESTS).includes(url.protocol), 'link', 'the scheme is for something else');
  return found;
}

/** The same in the parameters of an address; nothing where there is neither. */
export function readParameters(parameters) {
  const one = (name) => {
    const values = parameters.getAll(name);
    demand(values.length <= 1, 'link', `${name} is there twice`);
    return values[0];
  };
  const [offer, offerUri, requestUri, link] = ['credential_offer', 'credential_offer_uri', 'request_uri', 'link'].map(one);
  const count = [offer, offerUri, requestUri, link].filter((value) => value !== undefined).length;
  demand(count <= 1, 'link', 'the link leads to several places');
  if (link !== undefined) return readLink(link);
  if (offer !== undefined) return { offer: jsonObject(offer) };
  if (offerUri !== undefined) return { offerUri: address(offerUri).href };
  if (requestUri === undefined) return undefined;
  const [clientId, method = 'get'] = ['client_id', 'request_uri_method'].map(one);
  demand(clientId, 'link', 'the link does not say who asks');
  if (!['get', 'post'].includes(method)) throw new Fault('link', 'the request is fetched in an unknown way');
  return { requestUri: address(requestUri).href, clientId, method };
}
